"""Labelled images, read from folders of class folders or from zips of them."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, default_collate

from seviz.errors import UserError
from seviz.photos.class_folders import number_folders
from seviz.photos.image_set import EVERY, ImageSet
from seviz.photos.listing import Member, list_images, list_unlabelled
from seviz.photos.stored import Stored, read_checked
from seviz.photos.used import ImagesUsed, group, left_out_phrases
from seviz.phrases import printable

MOST_LOADERS = 16  # enough to keep one network on one GPU busy
T = TypeVar("T")
Read = tuple[Tensor, int] | tuple[int, str]  # an image and its class, or its number and a reason


class LabelledImages(ImageSet):
    """Images with the index of their class; classes are the folder names, sorted.

    root: a folder or zip that holds class folders under `split`, a folder of zips such as
    train-1.zip, or just a folder or zip of class folders, which is used whole. For training,
    hold_out makes a split of the latter: every tenth image of a class, the first included, is “val”
    and the others are “train”; held_out tells that it did. What can't be read is in left_out, by
    its name. Raises UserError where no image is found.
    """

    part_kind = "folder"

    def __init__(
        self, root: Path, split: str, *, hold_out: bool = False, labelled: bool = True
    ) -> None:
        """List the images; none is opened yet."""
        listing = list_images(root, split) if labelled else list_unlabelled(root, split, EVERY)
        super().__init__(printable(str(root)), listing.folder, ())
        self.root, self.split, self.folder = root, split, listing.folder
        self.left_out = listing.left_out
        self.held_out = hold_out and not listing.folder
        members = _tenth(listing.members, split) if self.held_out else listing.members
        if not members:
            raise UserError(
                f"In {root}, each class has a single image, which is held out to measure with; "
                "give more, or folders train and val."
            )
        self.classes = tuple(sorted({member.class_folder for member in members}))
        self.empty = tuple(sorted(listing.empty))
        index = {name: i for i, name in enumerate(self.classes)}
        self.samples = [(member, index[member.class_folder]) for member in members]

    def match_classes(self, names: tuple[str, ...] | None, labels: Sequence[str]) -> None:
        """Number the classes in a network's order; the folders may be some of them.

        names: the folder names of the network's classes, None where unknown: then folders that are
        not called by labels must be as many as these, with the empty ones. labels: of its classes;
        a folder may be called by one, too. UserError where a folder is not one of the classes, or
        two are the same.
        """
        if names is None and {*self.classes, *self.empty} <= {*labels}:
            names = tuple(labels)
        if names is None:
            names = tuple(sorted({*self.classes, *self.empty}))
            if len(names) != len(labels):
                raise UserError(
                    f"{self.root} has {len(names)} class folders and the network {len(labels)} "
                    "classes; they must be the same, in alphabetical order."
                )
        number = number_folders(self.classes, names, labels, root=self.root)
        self.samples = [(member, number[member.class_folder]) for member, _ in self.samples]
        self.classes = names

    def used(self) -> ImagesUsed:
        """Return which images are used: but for those that were found unreadable until now."""
        read = Counter(
            member.class_folder
            for member, _ in self.samples
            if self._name(member) not in self.left_out
        )
        unread = {member.class_folder for member, _ in self.samples} - read.keys()
        return ImagesUsed(
            folder=self.folder,
            images=read.total(),
            classes=len(read),
            class_counts=dict(sorted(read.items())),
            empty=tuple(sorted({*self.empty, *unread})),
            left_out=group(self.left_out),
        )

    def notes(self) -> Iterator[str]:
        """Yield what to say before training: whether images are held out, and what is left out."""
        if self.held_out:
            yield (
                f"{printable(str(self.root))} has no folders train and val, so every tenth image "
                f"of a class is held out to measure with; “{self.split}” has {len(self):,} images."
            )
        for phrase in left_out_phrases(group(self.left_out)):
            yield f"Left out: {phrase}."

    @property
    def titles(self) -> dict[int, str]:
        """Return the class folders' names, by the numbers that labels have."""
        return {label: member.class_folder for member, label in self.samples}

    def name(self, i: int) -> str:
        """Return an image's path from the data set's root on."""
        return self._name(self.samples[i][0])

    def place(self, i: int) -> str:
        """Return an image's path."""
        return _path(self.samples[i][0])

    def _name(self, member: Member) -> str:
        inside_zip = self.root != member.root
        return f"{member.root.name}/{member.inside}" if inside_zip else member.inside

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.samples)

    def stored(self, i: int) -> Stored:
        """Return image i as it is stored; UserError, without its name, where it can't be read."""
        member, label = self.samples[i]
        return Stored(read_checked(member), label, self._name(member))


def cores() -> int:
    """Count the cores that this process may run on, which `taskset` and containers restrict."""
    if hasattr(os, "sched_getaffinity"):  # Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def count_loaders(loaders: int | None = None) -> int:
    """Return how many processes read images: by default one a core, at most MOST_LOADERS.

    loaders: the wished number, which the cores limit, as more processes would wait for each other.
    UserError where it is less than 1: reading seeds random generators, and must not do so in the
    calling process.
    """
    if loaders is None:
        return min(cores(), MOST_LOADERS)
    if loaders < 1:
        raise UserError(f"--loaders is {loaders}; give a number of processes, 1 or more.")
    return min(loaders, cores())


def batch_for(config: dict[str, Any]) -> int:
    """Choose a batch size by the number of pixels of a network's input."""
    _, height, width = config["input_size"]
    return int(max(8, min(256, 4_000_000 // (height * width))))


class InOrder:
    """All images once, in order, without augmentation: batches N×3×H×W with their classes N.

    An image that can't be read is left out, and recorded by `ImageSet.leave_out`.
    """

    def __init__(
        self,
        images: ImageSet,
        transform: Callable[[Image.Image], Tensor],
        batch: int,
        *,
        loaders: int | None = None,
    ) -> None:
        """Read nothing yet; loaders: as for `count_loaders`; the batches do not depend on it."""
        images.seed, images.transform, self.images = None, transform, images
        self.num_workers = count_loaders(loaders)
        self._batch = batch

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the batches; UserError, with an example, where no image can be read."""
        loader = DataLoader(
            _Readable(self.images), self._batch, num_workers=self.num_workers, collate_fn=_collate
        )
        empty, why = True, ""
        for batch, unreadable in loader:
            for i, why in unreadable:
                self.images.leave_out(i, why)
            if batch:
                empty = False
                yield batch
        if empty:
            raise UserError(f"None of the images can be read, for example {why}")


class _Readable(Dataset[Read]):
    """Labelled images; in the place of one that can't be read is its number and the reason."""

    def __init__(self, images: ImageSet) -> None:
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, i: int) -> Read:
        try:
            return self.images[i]
        except UserError as error:
            return i, str(error)


def _collate(items: list[Read]) -> tuple[tuple[Tensor, ...], list[tuple[int, str]]]:
    """Put what was read into a batch, empty where nothing was, and list the rest."""
    unreadable = [(i, why) for i, why in items if isinstance(i, int) and isinstance(why, str)]
    read = [item for item in items if isinstance(item[0], Tensor)]
    return tuple(default_collate(read)) if read else (), unreadable


def batches(loader: Iterable[T]) -> Iterator[T]:
    """Yield a loader's batches; a worker's UserError is freed of the traceback around its text."""
    try:
        yield from loader
    except UserError as error:
        raise UserError(str(error).strip().rpartition("UserError: ")[2]) from error


def _path(member: Member) -> str:
    return printable(f"{member.root}/{member.inside}")


def _tenth(members: list[Member], split: str) -> list[Member]:
    """Return a split of images that have none: every tenth of a class is “val”."""
    return [
        member
        for _, images in groupby(members, lambda member: member.class_folder)
        for i, member in enumerate(images)
        if (i % 10 == 0) == (split == "val")
    ]
