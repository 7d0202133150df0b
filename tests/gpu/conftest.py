from pathlib import Path

import pytest
from folders import class_folders
from made_gpu import ANIMALS

from seviz.gpu.__main__ import RECIPE
from seviz.gpu.plan import Setting


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, ANIMALS, train=2, val=1)
    return root


@pytest.fixture
def setting(data: Path, tmp_path: Path) -> Setting:
    work = tmp_path / "work"
    (work / "assets").mkdir(parents=True)
    return Setting(Path.cwd(), work, data, RECIPE, 4.0, 1.0, 0.5, 2.0)
