"""Data sets that are read from the start of each shard on, and never listed."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from seviz.errors import UserError
from seviz.photos.class_lists import number_classes
from seviz.photos.stored import Stored

BY_SHARDS = "Which images are sampled depends on how the data set is cut into shards."


class Damaged(NamedTuple):
    """What can't be read of a shard: an image of it, or all from there on."""

    name: str
    why: str


class ImageStream(ABC):
    """Images with the numbers of their classes, in shards, each read in order.

    shards: how many there are, each with images that no other has. total: the number of images,
    None where it is not known. The others are as of `ImageSet`. classes is empty where the shards
    do not name them: then `match_classes` takes those of a network.
    """

    part_kind = "split"

    def __init__(
        self,
        data: str,
        part: str,
        *,
        classes: Sequence[str],
        shards: int,
        total: int | None = None,
    ) -> None:
        """Open no shard yet."""
        self.data, self.part, self.classes = data, part, tuple(classes)
        self.shards, self.total = shards, total
        self.empty: tuple[str, ...] = ()
        self.left_out: dict[str, str] = {}
        self.remarks: list[str] = []
        self.limit: int | None = None
        self._number: dict[int, int] | None = None
        self._titles = dict(enumerate(self.classes))

    @abstractmethod
    def shard(self, i: int) -> Iterator[Stored | Damaged]:
        """Yield the images of shard i as they are stored, always in the same order."""

    @property
    def titles(self) -> dict[int, str]:
        """Return what the data set calls its classes, by the numbers that labels have."""
        return {self.number(i): title for i, title in self._titles.items()}

    def number(self, label: int) -> int:
        """Return the number of a class of the data set; UserError where it has no such class."""
        if not 0 <= label < len(self._titles):
            raise UserError(
                f"{self.data} has an image of class {label}, and its classes are 0 to "
                f"{len(self._titles) - 1}; give --labels none to use it without classes."
            )
        return label if self._number is None else self._number[label]

    def match_classes(self, names: tuple[str, ...] | None, labels: Sequence[str]) -> None:
        """Number the classes in a network's order, of which they may be some.

        UserError where a class is not one of the network's, or neither names its classes.
        """
        if self.classes:
            self.classes, self._number = number_classes(self.classes, names, labels, data=self.data)
            return
        if not labels:
            raise UserError(
                f"{self.data} does not name its classes, nor does the network; give --labels none "
                "to use it without classes."
            )
        self.classes = names or tuple(labels)
        self._titles = dict(enumerate(self.classes))
        self.remarks.append(
            f"{self.data} does not name its classes: they are taken to be the network's, in its "
            "order."
        )


def stable_index(name: str) -> int:
    """Return an image's index in a stream: 63 bits of a hash of its name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1
