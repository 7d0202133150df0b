"""Data sets whose images are found by their position."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

import torch
from PIL import Image
from torch.utils.data import Dataset

from seviz.errors import UserError
from seviz.photos.class_lists import number_classes
from seviz.photos.stored import Stored, decode_stored

EVERY = "all images"  # the one class of images without labels


class ImageSet(Dataset[tuple[torch.Tensor, int]], ABC):
    """Images with the numbers of their classes.

    data: the data set, as people name it. part: the split's name or folder, "" where all is used;
    part_kind: which of the two it is. classes: by number. empty: classes that are known to have no
    image. left_out: why what is no image was not listed, by name. remarks: sentences about it.
    limit: use so many images, None for all.
    """

    part_kind = "split"

    def __init__(self, data: str, part: str, classes: Sequence[str]) -> None:
        """Read no image yet."""
        self.data, self.part, self.classes = data, part, tuple(classes)
        self.empty: tuple[str, ...] = ()
        self.left_out: dict[str, str] = {}
        self.remarks: list[str] = []
        self.limit: int | None = None
        self.transform: Callable[[Image.Image], torch.Tensor] | None = None
        self.seed: tuple[int, int] | None = None
        self._number: dict[int, int] | None = None  # of the data set's numbers: None for the same
        self._titles = dict(enumerate(self.classes))

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of images, whatever the limit."""

    @abstractmethod
    def stored(self, i: int) -> Stored:
        """Return image i as it is stored; UserError, without its name, where it can't be read."""

    def name(self, i: int) -> str:
        """Return the name of image i, without reading it."""
        return f"image {i}"

    def place(self, i: int) -> str:
        """Return what names image i in a sentence about it alone."""
        return f"{self.data}, {self.name(i)}"

    @property
    def titles(self) -> dict[int, str]:
        """Return what the data set calls its classes, by the numbers that labels have."""
        return {self.number(i): title for i, title in self._titles.items()}

    def number(self, label: int) -> int:
        """Return the number of a class of the data set, in the network's order if it is known."""
        return label if self._number is None else self._number[label]

    def match_classes(self, names: tuple[str, ...] | None, labels: Sequence[str]) -> None:
        """Number the classes in a network's order, of which they may be some; as `LabelledImages`.

        UserError where a class is not one of the network's.
        """
        self.classes, self._number = number_classes(self.classes, names, labels, data=self.data)

    def __getitem__(self, i: int) -> tuple[torch.Tensor, int]:
        """Return image i after the transform, and its class.

        Where `seed` is set, the random generators are seeded with it and i, so that an image's
        augmentation depends neither on the workers nor on where a run was resumed.
        """
        assert self.transform is not None, "set .transform before reading"
        photo, label = self.picture(i)
        if self.seed is not None:
            seed = hash((*self.seed, i)) & 0xFFFFFFFF  # ints only: the same in every process
            random.seed(seed)
            torch.default_generator.manual_seed(seed)  # half the cost, as CUDA's stays as it is
        return self.transform(photo), label

    def picture(self, i: int) -> tuple[Image.Image, int]:
        """Return image i without the transform, and its class; UserError if it can't be read."""
        try:
            stored = self.stored(i)
            return decode_stored(stored.content), self.number(stored.label)
        except UserError as error:
            raise UserError(f"{self.place(i)}: {error}") from error

    def leave_out(self, i: int, error: str) -> None:
        """Record that image i can't be read; error: what `picture` raised."""
        self.left_out[self.name(i)] = error.removeprefix(f"{self.place(i)}: ")

    def notes(self) -> Iterator[str]:
        """Yield what to say before training."""
        yield from self.remarks
