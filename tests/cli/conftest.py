from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def picture(tmp_path: Path, photo: Image.Image) -> Path:
    path = tmp_path / "garden.png"
    photo.save(path)
    return path
