"""Where a data set's images are: which of its folders is the split, and which are classes.

A class is a folder below the split, whatever folders are inside it. Around the split, or around the
classes where there is no split, there may be folders that hold one folder alone.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from seviz.errors import UserError
from seviz.photos.trees import UNPACK, FolderTree, Tree, join, open_zip
from seviz.photos.used import group, left_out_phrases, some
from seviz.phrases import join_list, printable

PICTURES = {  # the endings of the formats that `seviz.photos.read` knows
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff", ".avif", ".avifs", ".heic", ".heics", ".heif", ".heifs", ".hif"),
}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"}
SPLITS = {  # the names of a split's folder, in small letters; the first that is there is used
    "train": ("train", "training"),
    "val": ("val", "validation", "valid", "test", "testing"),
}
# Folders, in small letters, that are no class where no other folder is beside them.
NO_CLASS = {"images", "image", "imgs", "img", "pictures", "photos", "jpegimages"}
# What may follow a split's name in the name of a zip, such as train-1-of-3.zip or val_part2.zip.
_PART = r"([-_. ()]|\d|part|of)*"
SPLIT_OF = {name: split for split, names in SPLITS.items() for name in names}


class Member(NamedTuple):
    """An image's file: the folder or zip, the path inside it, and from the class folder on."""

    root: Path
    inside: str
    place: str

    @property
    def class_folder(self) -> str:
        """Return the name of the class folder."""
        return self.place.partition("/")[0]


@dataclass
class Listing:
    """The images of a split; folder: the split's, "" where there is none and all are listed.

    empty: class folders without a picture; left_out: why other files are not listed, by path.
    """

    folder: str = ""
    members: list[Member] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    loose: int = 0  # pictures that are in no class folder


def list_images(root: Path, split: str) -> Listing:
    """List the images of a split, or all where the folder or zip has none, by class and name.

    Raises UserError where there is no image.
    """
    listing = Listing()
    for tree, place, prefix in _places(root, split, listing):
        _add(listing, tree, place.path, prefix=prefix)
    listing.empty -= {member.class_folder for member in listing.members}
    # The same images in another layout keep their order.
    listing.members.sort(key=lambda member: (*member.place.split("/", 1), member))
    if not listing.members:
        raise _nothing(root, split, _found(listing))
    return listing


def list_unlabelled(root: Path, split: str, name: str) -> Listing:
    """List all pictures of a split, or of the whole where there is none, as one class of a name.

    Raises UserError where there is no image.
    """
    listing = Listing()
    for tree, place, prefix in _places(root, split, listing):
        start = join(place.around, place.folder) if place.folder else ""
        for inside in walk(tree, start):
            if is_picture(inside):
                listing.members.append(Member(tree.root, inside, f"{name}/{prefix}{inside}"))
            else:
                listing.left_out[prefix + inside] = why_not(inside)
        listing.left_out |= {prefix + inside: why for inside, why in tree.left_out.items()}
    listing.members.sort(key=lambda member: member.place)
    if not listing.members:
        raise UserError(f"There is no picture in {printable(str(root))}.")
    return listing


def _places(root: Path, split: str, listing: Listing) -> Iterator[tuple[Tree, "_Place", str]]:
    """Yield where class folders are: a tree, the place in it, and the tree's name in a listing."""
    try:
        is_folder, is_file = root.is_dir(), root.is_file()
    except (OSError, ValueError) as error:
        raise UserError(f"{printable(str(root))} can't be opened; give a folder or zip.") from error
    if not is_folder and not is_file:
        raise _nothing(root, split, "there is no such folder or zip")
    tree: Tree = FolderTree(root) if is_folder else open_zip(root, os.getpid())
    zips = _zips(tree, split) if is_folder else []
    parts = [(tree, "")]
    beside = f"beside “{split}” and not in it"
    if zips:
        parts = [(open_zip(root / name, os.getpid()), f"{name}/") for name in zips]
        listing.folder = join_list(zips)
        listing.left_out |= dict.fromkeys(_beside(tree, ""), beside)
    for part, prefix in parts:
        place = _locate(part, split)
        if place.folder:
            listing.folder = listing.folder or place.folder
            around = _beside(part, place.around)
            listing.left_out |= {prefix + inside: beside for inside in around}
        yield part, place, prefix


def _zips(tree: Tree, split: str) -> list[str]:
    """Return the zips of a split, such as train-1.zip, where it has no folder."""
    folders, files = tree.list("")
    if {name.lower() for name in folders} & set(SPLITS[split]):
        return []
    named = ([file for file in files if _is_zip_of(name, file)] for name in SPLITS[split])
    return next(filter(None, named), [])


def _is_zip_of(split: str, file: str) -> bool:
    """Tell whether a file is called as a zip of a split, or a part of one: not “val_masks.zip”."""
    return re.fullmatch(rf"{split}{_PART}\.zip", file.lower()) is not None


def _beside(tree: Tree, path: str) -> Iterator[str]:
    """Yield the pictures and zips that are in a folder beside the splits."""
    folders, files = tree.list(path)
    for name in folders:
        if name.lower() not in SPLIT_OF:
            yield from filter(is_picture, walk(tree, join(path, name)))
    for name in files:
        is_zip = name.lower().endswith(".zip") and not any(_is_zip_of(s, name) for s in SPLIT_OF)
        if is_zip or is_picture(name):
            yield join(path, name)


class _Place(NamedTuple):
    """The path of the class folders; the split's folder, "" without one, and the path around it."""

    path: str
    folder: str = ""
    around: str = ""


def _locate(tree: Tree, split: str) -> _Place:
    """Find the class folders."""
    path = ""
    while True:
        folders, files = tree.list(path)
        if _are_splits(tree, path, folders):
            return _locate_split(tree, path, folders, split=split)
        if len(folders) != 1 or any(map(is_picture, files)):
            return _Place(path)
        inner = join(path, folders[0])
        folders, files = tree.list(inner)
        if not folders or any(map(is_picture, files)):
            return _Place(_lone_class(tree, path))
        path = inner


def _lone_class(tree: Tree, path: str) -> str:
    """Return the path of the class folders where a path's only folder holds the pictures.

    It is a class, or holds none where it is called “images”: then the folder around it is one.
    """
    skipped = _skip_images(tree, path)
    around, _, name = path.rpartition("/")
    return around if skipped != path and name and name.lower() not in NO_CLASS else skipped


def _locate_split(tree: Tree, path: str, folders: list[str], *, split: str) -> _Place:
    """Find a split's class folders."""
    found = [name for wanted in SPLITS[split] for name in folders if name.lower() == wanted]
    if not found:
        raise _nothing(tree.root, split, f"it has {_folders(folders)}")
    if same := [name for name in found[1:] if name.lower() == found[0].lower()]:
        raise UserError(
            f"{printable(str(tree.root))} has {_folders([found[0], *same])}; put them together."
        )
    return _Place(_skip_images(tree, join(path, found[0])), found[0], path)


def _skip_images(tree: Tree, path: str) -> str:
    """Return the path of a folder's only folder, where it is called “images”, else the folder's."""
    folders, files = tree.list(path)
    if [name.lower() in NO_CLASS for name in folders] != [True] or any(map(is_picture, files)):
        return path
    return join(path, folders[0])


def _are_splits(tree: Tree, path: str, folders: list[str]) -> bool:
    """Tell whether some of the folders are splits, and the others are beside the point.

    They are where they have names of both splits, or no other names, and where one is called val,
    or train and has folders inside: a class may be called “train”, beside other classes.
    """
    names = {name.lower(): name for name in folders}
    splits = {SPLIT_OF[name] for name in names if name in SPLIT_OF}
    if len(splits) > 1 or "val" in names or (splits and names.keys() <= SPLIT_OF.keys()):
        return True
    return "train" in names and bool(tree.list(join(path, names["train"]))[0])


def _add(listing: Listing, tree: Tree, path: str, *, prefix: str) -> None:
    """Add the images in the class folders of a path, and what is left out."""
    classes, _ = tree.list(path)
    for name in classes:
        place = printable(unicodedata.normalize("NFC", name))
        listing.empty.add(place)
        start = join(path, name)
        for inside in walk(tree, start):
            if is_picture(inside):
                below = inside[len(start) + 1 :]
                listing.members.append(Member(tree.root, inside, f"{place}/{below}"))
            else:
                listing.left_out[prefix + inside] = why_not(inside)
    around = [path] if listing.folder else [path, *_parents(path)]
    for inside in (join(folder, name) for folder in around for name in tree.list(folder)[1]):
        loose = is_picture(inside)
        listing.loose += loose
        listing.left_out[prefix + inside] = "in no class folder" if loose else why_not(inside)
    below = f"{path}/" if listing.folder and path else ""
    listing.left_out |= {
        prefix + inside: why for inside, why in tree.left_out.items() if inside.startswith(below)
    }


def _parents(path: str) -> list[str]:
    """List the folders around a path inside a tree, the whole last."""
    parts = path.split("/") if path else []
    return ["/".join(parts[:end]) for end in reversed(range(len(parts)))]


def walk(tree: Tree, start: str) -> Iterator[str]:
    """Yield the files in a folder and in the folders inside it."""
    waiting = [start]
    while waiting:
        path = waiting.pop()
        folders, files = tree.list(path)
        waiting += [join(path, name) for name in folders]
        yield from (join(path, name) for name in files)


def is_picture(name: str) -> bool:
    """Tell whether a file is a picture by its ending."""
    return PurePosixPath(name).suffix.lower() in PICTURES


def why_not(name: str) -> str:
    """Return why a file is left out, by its ending."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in ARCHIVES:
        return f"an archive inside the data; {UNPACK}"
    return "no picture by its ending"


def _found(listing: Listing) -> str:
    """Say what was found where there are no images in class folders."""
    if listing.loose:
        return f"{listing.loose:,} picture{'' if listing.loose == 1 else 's'} in no class folder"
    if listing.left_out:
        return join_list(left_out_phrases(group(listing.left_out)))
    if listing.empty:
        many = "folders" if len(listing.empty) > 1 else "folder"
        return f"empty class {many} {some(tuple(sorted(listing.empty)))}"
    return "it is empty"


def _folders(names: list[str]) -> str:
    return f"the folder{'s' if len(names) > 1 else ''} {some(tuple(map(printable, names)))}"


def _nothing(root: Path, split: str, found: str) -> UserError:
    return UserError(
        f"No images for “{split}” in {printable(str(root))}: {found}; "
        f"expected are pictures in class folders, such as cat/1.jpg or {split}/cat/1.jpg."
    )
