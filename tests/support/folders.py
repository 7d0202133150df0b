"""Labelled images made for tests."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image


def class_folders(root: Path, classes: Iterable[str], *, train: int, val: int) -> None:
    """Make so many 64×64 images a class under root/train and root/val; each class has its tint."""
    noise = np.random.default_rng(0)
    for split, count in (("train", train), ("val", val)):
        for i, name in enumerate(classes):
            folder = root / split / name
            folder.mkdir(parents=True)
            for n in range(count):
                pixels = noise.integers(0, 120, (64, 64, 3)) + 40 * (i % 4)
                Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{n}.png")


def one_of_each(root: Path, classes: Iterable[str], picture: Callable[[int], Image.Image]) -> Path:
    """Make one image of each class under root/val, by the class's number; returns root."""
    for i, name in enumerate(classes):
        folder = root / "val" / name
        folder.mkdir(parents=True)
        picture(i).save(folder / "0.png")
    return root
