"""Batches of images of any data set, and what of them could not be read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

FIRST = 10  # unreadable images that are named


class Piece(NamedTuple):
    """A part of a data set that one process reads in order: a shard, or some positions of a set.

    start: how many of its images have been read before.
    """

    number: int
    start: int = 0


class Read(NamedTuple):
    """An image after the transform (3×H×W), or, where x is None, why it can't be read.

    piece: the number of its piece; without a name it is no image but the end of the piece.
    identity: its index in the data set.
    """

    piece: int
    name: str = ""
    identity: int = 0
    label: int = 0
    x: Tensor | None = None
    why: str = ""


@dataclass(frozen=True)
class Batch:
    """N images: x N×3×H×W; labels and indices N, int64; N names.

    An image has the same index and name in whatever batch it is, and no other has the same index.
    unreadable: the name of each image that can't be read, with the reason. taken: how many images
    of each piece are here, readable or not; ended: the pieces that end here.
    """

    x: Tensor
    labels: Tensor
    indices: Tensor
    names: list[str]
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.names)


def as_batch(items: Sequence[Read]) -> Batch:
    """Put what was read into a batch."""
    images = [item for item in items if item.x is not None]
    return Batch(
        torch.stack([item.x for item in images if item.x is not None])
        if images
        else torch.empty(0),
        torch.tensor([item.label for item in images], dtype=torch.int64),
        torch.tensor([item.identity for item in images], dtype=torch.int64),
        [item.name for item in images],
        [(item.name, item.why) for item in items if item.name and item.x is None],
        dict(Counter(item.piece for item in items if item.name)),
        [item.piece for item in items if not item.name],
    )


@dataclass
class Unreadable:
    """Images that can't be read: how many, and the first FIRST with the reason, by name."""

    count: int = 0
    first: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, why: str) -> None:
        """Count an image; name: in the data set."""
        self.count += 1
        if len(self.first) < FIRST:
            self.first[name] = why

    def merge(self, other: "Unreadable") -> None:
        """Count those of another part of the data set."""
        for name, why in other.first.items():
            self.add(name, why)
        self.count += other.count - len(other.first)
