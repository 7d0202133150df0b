"""Labelled images, read from folders of class folders or from zips of them."""

import os
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from seviz.errors import UserError

MOST_LOADERS = 16  # enough to keep one network on one GPU busy
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}
T = TypeVar("T")
Member = tuple[Path, str]  # the folder or zip, and the image's path inside it


class LabelledImages(Dataset[tuple[torch.Tensor, int]]):
    """Images with the index of their class; classes are the folder names, sorted.

    root: a folder or zip that holds class folders under `split`, a folder of zips called
    `split*.zip`, or just a folder or zip of class folders, of which every tenth image, the first
    included, is “val” and the others are “train”. Raises UserError where no image is found.
    """

    def __init__(self, root: Path, split: str) -> None:
        """List the images; none is opened yet."""
        members = sorted(_members(root, split), key=_order)
        if not members:
            raise UserError(
                f"No images for “{split}” in {root}; expected a folder of class folders, "
                f"or {split}*.zip holding them."
            )
        names = [PurePosixPath(inside).parent.name for _, inside in members]
        self.root = root
        self.classes = tuple(sorted(set(names)))
        index = {name: i for i, name in enumerate(self.classes)}
        self.samples = [(member, index[name]) for member, name in zip(members, names, strict=True)]
        self.transform: Callable[[Image.Image], torch.Tensor] | None = None
        self.seed: tuple[int, int] | None = None

    def match_classes(self, names: tuple[str, ...] | None, count: int) -> None:
        """Number the classes in a network's order.

        names: the folder names of the network's classes, None where unknown; count: of its classes.
        UserError where the folders are not those classes; it names one that is missing or extra.
        """
        if names is None:
            if len(self.classes) != count:
                raise UserError(
                    f"{self.root} has {len(self.classes)} class folders and the network {count} "
                    "classes; they must be the same, in alphabetical order."
                )
            return
        if odd := sorted(set(self.classes) ^ set(names)):
            where = "is not one of" if odd[0] in self.classes else "is missing, one of"
            raise UserError(f"In {self.root}, the class folder {odd[0]} {where} the network's.")
        number = {name: i for i, name in enumerate(names)}
        self.samples = [(member, number[self.classes[i]]) for member, i in self.samples]
        self.classes = names

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.samples)

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
        member, label = self.samples[i]
        return _open(member), label


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


def read_in_order(
    images: LabelledImages,
    transform: Callable[[Image.Image], torch.Tensor],
    batch: int,
    *,
    loaders: int | None = None,
) -> DataLoader[tuple[torch.Tensor, int]]:
    """Return a loader that reads all images once, in order, without augmentation.

    loaders: as for `count_loaders`; the batches do not depend on it.
    """
    images.seed, images.transform = None, transform
    return DataLoader(images, batch, num_workers=count_loaders(loaders))


def batches(loader: Iterable[T]) -> Iterator[T]:
    """Yield a loader's batches; a worker's UserError is freed of the traceback around its text."""
    try:
        yield from loader
    except UserError as error:
        raise UserError(str(error).strip().rpartition("UserError: ")[2]) from error


def _order(member: Member) -> tuple[str, str, Member]:
    """Sort by class and file name first: the same images in another layout keep their order."""
    inside = PurePosixPath(member[1])
    return inside.parent.name, inside.name, member


def _members(root: Path, split: str) -> list[Member]:
    """List the images below root that belong to the split."""
    if root.is_file():
        return _in_zip(root, split)
    if (root / split).is_dir():
        return _in_folder(root / split)
    if zips := sorted(root.glob(f"{split}*.zip")):
        return [member for path in zips for member in _in_zip(path, split)]
    return _tenth_held_out(_in_folder(root), split)


def _in_folder(root: Path) -> list[Member]:
    return [(root, f"{p.parent.name}/{p.name}") for p in root.glob("*/*") if _is_image(p.name)]


def _in_zip(path: Path, split: str) -> list[Member]:
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path} is not a zip of class folders.")
    names = [n for n in _archive(path, os.getpid()).namelist() if _is_image(n)]
    if any({"train", "val"} & set(PurePosixPath(n).parts) for n in names):
        return [(path, n) for n in names if split in PurePosixPath(n).parts]
    return _tenth_held_out([(path, n) for n in names], split)


def _tenth_held_out(members: list[Member], split: str) -> list[Member]:
    """Return a split of images that have none: every tenth of a class is “val”."""
    by_class: dict[str, list[Member]] = {}
    for member in sorted(members):
        by_class.setdefault(PurePosixPath(member[1]).parent.name, []).append(member)
    return [
        member
        for images in by_class.values()
        for i, member in enumerate(images)
        if (i % 10 == 0) == (split == "val")
    ]


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


@lru_cache(maxsize=16)
def _archive(path: Path, pid: int) -> zipfile.ZipFile:
    """Open a zip once per process: forked readers must not share a file position."""
    del pid
    return zipfile.ZipFile(path)


def read_stored(member: Member) -> bytes:
    """Return the bytes of an image's file."""
    root, inside = member
    if root.is_dir():
        return (root / inside).read_bytes()
    return _archive(root, os.getpid()).read(inside)


def stored_size(member: Member) -> int:
    """Return the size of an image's file in bytes, without reading it."""
    root, inside = member
    if root.is_dir():
        return (root / inside).stat().st_size
    return _archive(root, os.getpid()).getinfo(inside).file_size


def _open(member: Member) -> Image.Image:
    root, inside = member
    try:
        return Image.open(BytesIO(read_stored(member))).convert("RGB")
    except Exception as error:  # a damaged file can raise nearly anything in Pillow
        raise UserError(f"{root}/{inside} is not a readable image.") from error
