"""Labelled images with a box around the object, and the pixels of a network's input in the box."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from seviz.errors import UserError
from seviz.photos.crop import crop_box
from seviz.photos.dataset import LabelledImages

Box = tuple[float, float, float, float]


class BoxedImages(Dataset[tuple[Tensor, int, Tensor]]):
    """Some “val” images through a network's transform, with their classes and boxes.

    An item is the image, 3×H×W, its class, and which of its pixels are in the box, H×W. known: the
    images, in the order of their classes; of those with a box, `count` are taken at equal
    distances; boxes: by the images' names without their endings. UserError where no image has one.
    """

    def __init__(
        self,
        known: LabelledImages,
        boxes: dict[str, Box],
        count: int,
        *,
        transform: Callable[[Image.Image], Tensor],
    ) -> None:
        """Choose the images; none is opened yet."""
        named = [(i, _stem(member.inside)) for i, (member, _) in enumerate(known.samples)]
        with_box = [(i, boxes[stem]) for i, stem in named if stem in boxes]
        if not with_box:
            raise UserError(f"boxes.tsv names none of the “val” images of {known.root}.")
        at = np.unique(np.linspace(0, len(with_box) - 1, count).astype(int))
        self._chosen = [with_box[i] for i in at]
        self._known, self._transform = known, transform

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._chosen)

    def __getitem__(self, i: int) -> tuple[Tensor, int, Tensor]:
        """Open image i; UserError where it can't be read, or the network's crop is not known."""
        index, box = self._chosen[i]
        photo, label = self._known.picture(index)
        image = self._transform(photo)
        seen = crop_box(self._transform, photo.size)
        if seen is None:
            raise UserError("What this network sees of a photograph is not known.")
        return image, label, within(box, seen, (image.shape[1], image.shape[2]))


def within(box: Box, seen: Box, size: tuple[int, int]) -> Tensor:
    """Mark the pixels of a network's input (size: H, W) whose centres are in a box, H×W.

    box and seen, the part of the photograph that the network sees, are in the photograph's pixels.
    """
    height, width = size
    left, top, right, bottom = seen
    x = left + (torch.arange(width, dtype=torch.float64) + 0.5) * (right - left) / width
    y = top + (torch.arange(height, dtype=torch.float64) + 0.5) * (bottom - top) / height
    x0, y0, x1, y1 = box
    return ((y >= y0) & (y <= y1 + 1))[:, None] & ((x >= x0) & (x <= x1 + 1))[None]


def read_boxes(path: Path) -> dict[str, Box]:
    """Read the boxes of “val” by the images' names without their endings; UserError if none."""
    if not path.is_file():
        raise UserError(f"{path} is missing: the pointing game needs a box for each image.")
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines()[1:])
    try:
        return {
            _stem(file): (float(x0), float(y0), float(x1), float(y1))
            for split, _, file, x0, y0, x1, y1 in rows
            if split == "val"
        }
    except ValueError as error:
        raise UserError(f"{path} has a line that is not split, wnid, file, x0 … y1.") from error


def _stem(inside: str) -> str:
    return PurePosixPath(inside).stem
