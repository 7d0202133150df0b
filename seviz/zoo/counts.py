"""How many classes and channels of images the weights of a network are for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seviz.errors import UserError
from seviz.zoo.architecture import classifier, first_convolution
from seviz.zoo.weights import Shapes

if TYPE_CHECKING:
    from torch import nn


def count_classes(plain: nn.Module, theirs: Shapes) -> int:
    """Return how many outputs the weights of the last linear layer have."""
    name, layer = classifier(plain)
    rows, *columns = theirs.get(f"{name}.weight") or (0,)
    return rows if rows and columns == [layer.in_features] else layer.out_features


def count_channels(file: Path, plain: nn.Module, theirs: Shapes) -> int:
    """Return how many channels the first convolution's weights read, 1 or 3."""
    first = first_convolution(plain)
    if first is None:
        return 3
    name, convolution = first
    shape = theirs.get(f"{name}.weight", ())
    own = tuple(convolution.weight.shape)
    if shape[:1] + shape[2:] != own[:1] + own[2:]:
        return 3  # the shape does not fit, which is said with the others
    if shape[1] in (1, 3):
        return shape[1]
    raise UserError(
        f"{name} of {file.name} reads {shape[1]} channels; a photograph has three (RGB), or one "
        "where it is made grey."
    )
