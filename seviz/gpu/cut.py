"""Division of labelled images into parts of about equal size, with all classes in each."""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from seviz.errors import UserError
from seviz.photos.dataset import LabelledImages
from seviz.photos.listing import Member
from seviz.photos.stored import read_stored, stored_size

BOXES = "boxes.tsv"
ENTRY_BYTES, END_BYTES = 30 + 46, 22  # of a zip, without the names, which it holds twice


@dataclass(frozen=True)
class Part:
    """The images of one part; number: from 1; of: the number of parts; size: in bytes."""

    number: int
    of: int
    train: list[Member]
    val: list[Member]
    boxes: bytes
    size: int


@dataclass(frozen=True)
class ImageSet:
    """Images as `LabelledImages` splits them for training, and boxes.tsv if it exists."""

    data: Path

    @cached_property
    def _train(self) -> list[list[tuple[Member, int]]]:
        """List the training images of each class, with their bytes in a zip."""
        images = LabelledImages(self.data, "train", hold_out=True)
        of_class: list[list[tuple[Member, int]]] = [[] for _ in images.classes]
        for member, label in images.samples:
            of_class[label].append((member, entry_size(member, "train")))
        return of_class

    @cached_property
    def _val(self) -> list[Member]:
        return [member for member, _ in LabelledImages(self.data, "val", hold_out=True).samples]

    @cached_property
    def _boxes(self) -> bytes:
        """Read the rows of boxes.tsv for “val”, with the header."""
        path = self.data / BOXES
        if not path.is_file():
            return b""
        head, *rows = path.read_bytes().splitlines(keepends=True)
        return b"".join([head, *(row for row in rows if row.startswith(b"val\t"))])

    @cached_property
    def _val_bytes(self) -> int:
        return sum(entry_size(m, "val") for m in self._val) + END_BYTES + len(self._boxes)

    def cut(self, of: int) -> list[Part]:
        """Divide into `of` parts, of which the first holds all of “val” and its boxes.

        UserError where there are too few images.
        """
        whole = sum(size for images in self._train for _, size in images)
        first = max((whole + self._val_bytes) / of - self._val_bytes, 0) / whole if of > 1 else 1.0
        ends = [first + (1 - first) * i / max(of - 1, 1) for i in range(of)]
        parts = [
            self._part(i + 1, of, begin=begin, end=end)
            for i, (begin, end) in enumerate(zip([0.0, *ends], ends, strict=False))
        ]
        if any(not part.train and not part.val for part in parts):
            raise UserError(f"{self.data} has too few images for {of} parts.")
        return parts

    def cut_to_fit(self, room: int) -> list[Part]:
        """Divide into the fewest parts of at most `room` bytes; UserError if “val” is larger."""
        if self._val_bytes > room:
            raise UserError(
                f"“val” alone takes {self._val_bytes:,} bytes, and there is room for {room:,}; "
                "leave out files that are not needed there, by --without."
            )
        return next(
            parts for parts in map(self.cut, count(1)) if all(part.size <= room for part in parts)
        )

    def _part(self, number: int, of: int, *, begin: float, end: float) -> Part:
        """Make a part of each class's images from the share `begin` to the share `end`."""
        chosen = [
            image
            for images in self._train
            for image in images[round(begin * len(images)) : round(end * len(images))]
        ]
        val, boxes = (self._val, self._boxes) if number == 1 else ([], b"")
        size = sum(size for _, size in chosen) + END_BYTES * bool(chosen)
        size += self._val_bytes if number == 1 else 0
        return Part(number, of, [member for member, _ in chosen], val, boxes, size)


def entry_size(member: Member, split: str) -> int:
    """Count the bytes that an image takes in a zip."""
    return stored_size(member) + 2 * len(_path_in_zip(member, split)) + ENTRY_BYTES


def _path_in_zip(member: Member, split: str) -> str:
    return f"{split}/{member.place}"


def write(parts: Iterable[Part], folder: Path) -> None:
    """Write parts as train-I-of-N.zip, val.zip and boxes.tsv; images stay as they are stored."""
    for part in parts:
        _write_zip(folder / f"train-{part.number}-of-{part.of}.zip", part.train, "train")
        _write_zip(folder / "val.zip", part.val, "val")
        if part.boxes:
            (folder / BOXES).write_bytes(part.boxes)


def _write_zip(path: Path, members: Sequence[Member], split: str) -> None:
    if members:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for member in members:
                archive.writestr(_path_in_zip(member, split), read_stored(member))
