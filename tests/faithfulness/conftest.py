from pathlib import Path

import numpy as np
import pytest
from corner import bright, made_corner
from PIL import Image

from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel


@pytest.fixture(scope="module")
def corner() -> LoadedModel:
    return made_corner()


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return bright()


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """An image of each class of the embedded network, with a box in one quarter."""
    root, draw = tmp_path_factory.mktemp("boxed"), np.random.default_rng(0)
    rows = ["split\twnid\tfile\tx0\ty0\tx1\ty1"]
    for wnid in find("embedded").folders:
        (root / "val" / wnid).mkdir(parents=True)
        pixels = draw.integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(pixels).save(root / "val" / wnid / f"{wnid}_0.png")
        rows.append(f"val\t{wnid}\t{wnid}_0\t0\t0\t31\t31")
    (root / "boxes.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return root
