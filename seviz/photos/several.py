"""Photographs by the paths that people give: files, and all that is in folders and zips.

Nothing is decoded before it is asked for, so thousands can be listed.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from PIL import Image

from seviz.errors import UserError
from seviz.photos.decode import check_bytes, decode_photo, is_light
from seviz.photos.file import naming, record_file
from seviz.photos.listing import ARCHIVES, NO_CLASS, SPLIT_OF, is_picture, walk, why_not
from seviz.photos.read import read_file, read_photo
from seviz.photos.trees import FolderTree, Tree, join, open_zip
from seviz.phrases import printable

ZIP_START = b"PK\x03\x04"


@dataclass(frozen=True)
class Photograph:
    """A photograph's file, not read yet.

    name: the path that was given, with the path inside it where that is a folder or zip
    (`zip.zip/cat/1.jpg`); root: what was given; inside: the path in it, "" for a file by itself.
    class_folder: the folder inside the root that names its class, "" where there is none.
    """

    name: str
    root: Path
    inside: str = ""
    class_folder: str = ""

    @property
    def path_for_output(self) -> PurePosixPath:
        """Return its path inside the folder or zip, or its file's name: where answers go."""
        return PurePosixPath(self.inside or self.root.name)

    def data(self) -> bytes:
        """Return the bytes of its file; UserError where it can't be read or is too large."""
        if not self.inside:
            return read_file(self.root)
        if self.root.is_dir():
            return read_file(self.root / self.inside)
        archive = open_zip(self.root, os.getpid())
        check_bytes(archive.entries[self.inside].file_size)
        return archive.read(self.inside)

    def digest(self) -> str:
        """Return the sha256 of its file; UserError as of `data`."""
        return hashlib.sha256(self.data()).hexdigest()

    def read(self) -> Image.Image:
        """Decode it, with the record of its file (`seviz.photos.file`); UserError, which names it.

        A small picture is decoded here, as the way to another process takes ten times as long.
        """
        try:
            data = self.data()
            photo = decode_photo(data) if is_light(data) else read_photo(data)
        except UserError as error:
            raise UserError(naming(self.name, str(error))) from error
        return record_file(photo, self.name, data)


@dataclass
class Listed:
    """The photographs of some paths, in their order; inside a folder or zip 2.jpg is before 10.jpg.

    refused: sentences about paths and pictures that can't be opened; left_out: other files, by
    path, with why they are no photographs; several: whether more than one file was given, or a
    folder or zip, whatever is in it.
    """

    photographs: list[Photograph] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    several: bool = False


def list_photographs(paths: Sequence[Path], *, once: bool = True) -> Listed:
    """List the photographs of paths: of files, and of folders and zips with all that is in them.

    Hidden and system files are passed over. once: a file that is named twice is listed once. A
    path that can't be used is refused in the result, and is no error.
    """
    found = Listed(several=len(paths) > 1)
    for path in paths:
        try:
            found.photographs += _photographs(path, found)
        except UserError as error:
            found.refused.append(str(error))
    if once:
        known: dict[tuple[str, str, str], Photograph] = {}
        for photo in found.photographs:
            known.setdefault(_place(photo), photo)
        found.photographs = list(known.values())
    return found


def _photographs(path: Path, found: Listed) -> Iterable[Photograph]:
    """Return the photographs of a path, and add what is no photograph there to a listing."""
    tree = _tree(path)
    if tree is None:
        if not path.is_file():
            read_file(path)  # says why it can't be read
        return [Photograph(str(path), path)]
    found.several = True
    files = list(walk(tree, ""))
    pictures = sorted(filter(is_picture, files), key=natural_key)
    others = {inside: why_not(inside) for inside in files if not is_picture(inside)}
    for inside, why in {**others, **tree.left_out}.items():
        name = str(path) if inside == "." else _name(path, inside)
        if is_picture(inside) or why.startswith("a folder that can't be opened"):
            found.refused.append(f"{name}: {why}.")
        else:
            found.left_out[name] = why
    if not pictures and "." not in tree.left_out:
        raise UserError(
            f"{printable(str(path))} has no picture; give photographs, or a folder or zip of them."
        )
    classes = class_folders(pictures)
    return [Photograph(_name(path, inside), path, inside, classes[inside]) for inside in pictures]


def _tree(path: Path) -> Tree | None:
    """Return a folder or zip; None for another file, or where there is none."""
    try:
        if path.is_dir():
            return FolderTree(path)
        if not path.is_file():
            return None
        archived = path.suffix.lower() in ARCHIVES
        if not archived:
            with path.open("rb") as file:
                archived = file.read(len(ZIP_START)) == ZIP_START
    except (OSError, ValueError):
        return None  # reading it says why it can't be opened
    return open_zip(path, os.getpid()) if archived else None


def _name(path: Path, inside: str) -> str:
    return join(str(path).rstrip("/"), inside) if str(path) != "." else inside


def _place(photo: Photograph) -> tuple[str, str, str]:
    """Return where a file is, by whatever path to its folder."""
    on_disk = photo.root
    if photo.inside and photo.root.is_dir():
        on_disk, inside = photo.root / photo.inside, ""
    else:
        inside = photo.inside
    return os.path.realpath(on_disk.parent), on_disk.name, inside


def natural_key(path: str) -> tuple[object, ...]:
    """Return what sorts paths as people count: a/2.jpg before a/10.jpg, and “B” after “a”."""
    return tuple(_part_key(part) for part in path.casefold().split("/")), path


def _part_key(part: str) -> tuple[object, ...]:
    """Return texts and numbers in turn; a number, however long, by its length and its digits."""
    texts = re.split(r"[0-9]+", part)
    numbers = [digits.lstrip("0") for digits in re.findall(r"[0-9]+", part)]
    counted = [(len(number), number) for number in numbers]
    return tuple(key for pair in zip_longest(texts, counted) for key in pair if key is not None)


def class_folders(paths: Sequence[str]) -> dict[str, str]:
    """Return the class folder of each path inside one folder or zip, "" where it has none.

    It is the first folder that is not around all pictures, and not that of a split (train, val); a
    folder called “images” is none. Where all are in one folder without others, it is their class.
    """
    folders = {path: path.split("/")[:-1] for path in paths}
    around, deepest = 0, max((len(parts) for parts in folders.values()), default=0)
    while around + 1 < deepest:
        if len({tuple(parts[around : around + 1]) for parts in folders.values()}) > 1:
            break
        around += 1
    return {path: _class_folder(parts[around:]) for path, parts in folders.items()}


def _class_folder(folders: Sequence[str]) -> str:
    """Return the class folder of a picture by the folders that it is in, from the outermost on."""
    for i, name in enumerate(folders):
        is_split = name.lower() in SPLIT_OF and i + 1 < len(folders)
        if not is_split and name.lower() not in NO_CLASS:
            return name
    return ""
