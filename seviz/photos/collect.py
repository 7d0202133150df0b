"""Reads many untrusted photographs into one collection; what can't be read is named and skipped.

They are files on disk, the files of a zip, those of a folder, or the images of a set. A folder
inside a zip or folder is a class, as of `several.class_folders`, where there are two or more.
"""

import io
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from seviz import limits
from seviz.errors import UserError
from seviz.photos.decode import check_bytes
from seviz.photos.listing import is_picture, walk
from seviz.photos.read import read_file, read_photo
from seviz.photos.several import class_folders, natural_key
from seviz.photos.trees import FolderTree, Tree, ZipTree, join
from seviz.phrases import brief, photographs_words
from seviz.records.collection import KeptPhoto, Photographs
from seviz.watch import Progress, Watch

if TYPE_CHECKING:
    from seviz.photos.image_set import ImageSet

SIDE = 448  # pixels of the shorter side of a photograph that is kept, at most
KEPT_BYTES = 250_000  # of a file that is kept as it is, where it is no larger than SIDE
QUALITY = 95  # of the JPEG that is kept of others: it differs by less than a grey level, about
THUMBNAIL, THUMBNAIL_QUALITY = 96, 80  # pixels of the longer side
NAMED = 1000  # files that are skipped and told by name; a zip may hold more
AT_ONCE = 3  # photographs that are decoded at a time: two in other processes, one on its way
NONE = "None of these files is a picture that can be read"
DIRECTORY = 400  # bytes of a zip's directory for each file that it may hold


class Found(NamedTuple):
    """A file that may be a photograph: its name, its class folder or "", and what reads it."""

    name: str
    folder: str
    read: Callable[[], bytes]


def loose(files: Iterable[tuple[Path, str]]) -> Iterator[Found]:
    """Yield files, each with the name that people know it by, which are in no class folder.

    Each is deleted when it has been read.
    """
    for path, name in files:
        yield Found(brief(name), "", lambda path=path: _read_and_delete(path))  # type: ignore[misc]


def in_zip(path: Path) -> tuple[list[Found], dict[str, str]]:
    """List the pictures in a zip, and why its other files are none.

    UserError where it is no whole zip, or lists more files than may be.
    """
    _check_directory(path)
    tree = ZipTree(path)
    limits.COLLECTION_FILES.check(len(tree.entries), "this has")

    def reader(inside: str) -> Callable[[], bytes]:
        def read() -> bytes:
            check_bytes(tree.entries[inside].file_size)  # before it is unpacked
            return tree.read(inside)

        return read

    return _listed(tree, reader), dict(tree.left_out)


def in_folder(root: Path, most: int) -> tuple[list[Found], dict[str, str]]:
    """List the pictures in a folder, at most so many, as many of each class as of the others.

    Those come first that are first by name. UserError where it is no folder.
    """
    if not root.is_dir():
        raise UserError(f"{root} is no folder that can be opened; give one with pictures.")
    tree = FolderTree(root)

    def reader(inside: str) -> Callable[[], bytes]:
        def read() -> bytes:
            try:
                return read_file(root / inside)
            except UserError as error:  # where the folder is, is not for its visitors
                raise UserError(str(error).replace(f"{root}{os.sep}", "")) from error

        return read

    found = _listed(tree, reader)
    return list(islice(_evenly(found), most)), dict(tree.left_out)


def in_set(images: "ImageSet", most: int) -> list[Found]:
    """List the images of a set, at most so many, in a fixed random choice; they have no class."""
    from seviz.photos.loader import chosen

    images.limit = most

    def reader(i: int) -> Callable[[], bytes]:
        def read() -> bytes:
            content = images.stored(i).content
            return content if isinstance(content, bytes) else _png(content)

        return read

    return [Found(images.name(i), "", reader(i)) for i in chosen(images)]


def collect_path(path: Path, most: int, *, watch: Watch | None = None) -> Photographs:
    """Read the photographs of a folder or zip, at most so many; raises as `collect`."""
    found, left_out = in_folder(path, most) if path.is_dir() else in_zip(path)
    return collect(found[:most], name="{}", left_out=left_out, watch=watch)


def collect(
    found: Sequence[Found],
    *,
    name: str,
    left_out: dict[str, str] | None = None,
    watch: Watch | None = None,
) -> Photographs:
    """Read photographs, several at a time; name: what people call them, {} is “3 photographs”.

    left_out: files that are skipped already, by name with the reason. Raises UserError where none
    can be read, Stopped where the watch stops the work.
    """
    progress = Progress(watch, max(len(found), 1))
    skipped = list((left_out or {}).items())
    photos: list[KeptPhoto] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = iter(found)
        under_way = [(each, pool.submit(_keep, each)) for each in islice(waiting, AT_ONCE)]
        try:
            while under_way:
                each, future = under_way.pop(0)
                try:
                    photos.append(future.result())
                except UserError as error:
                    skipped.append((_place(each), str(error)))
                progress.add(1)
                under_way += [(new, pool.submit(_keep, new)) for new in islice(waiting, 1)]
        finally:
            for _, future in under_way:
                future.cancel()
    if not photos:
        why = f", for example {skipped[0][0]}: {skipped[0][1]}" if skipped else "."
        raise UserError(f"{NONE}{why}")
    return Photographs(
        tuple(photos), tuple(skipped[:NAMED]), name.format(photographs_words(len(photos)))
    )


def decode_kept(photo: KeptPhoto) -> Image.Image:
    """Decode a photograph that is kept; one that was made here needs no other process."""
    if not photo.reduced:
        return read_photo(photo.data)
    with Image.open(io.BytesIO(photo.data)) as image:
        return image.convert("RGB")


def _keep(found: Found) -> KeptPhoto:
    """Read a photograph into what is kept of it; UserError where it is none."""
    data = found.read()
    picture = read_photo(data, side=SIDE)
    small = len(data) <= KEPT_BYTES and min(picture.size) < SIDE  # else it may have been reduced
    kept = data if small else _jpeg(picture, QUALITY)
    thumbnail = picture.copy()
    thumbnail.thumbnail((THUMBNAIL, THUMBNAIL))
    return KeptPhoto(
        name=found.name,
        folder=found.folder,
        data=kept,
        width=picture.width,
        height=picture.height,
        reduced=not small,
        thumbnail=_jpeg(thumbnail, THUMBNAIL_QUALITY),
    )


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, subsampling=0)
    return written.getvalue()


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _read_and_delete(path: Path) -> bytes:
    if not path.is_file():
        raise UserError("This file is no longer here; send it again.")
    try:
        return read_file(path)
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _place(found: Found) -> str:
    return join(found.folder, found.name)


def _listed(tree: Tree, reader: Callable[[str], Callable[[], bytes]]) -> list[Found]:
    """List the pictures of a folder or zip, each with its class folder; one of all is none."""
    pictures = sorted(filter(is_picture, walk(tree, "")), key=natural_key)
    folders = class_folders(pictures)
    named = len(set(folders.values())) > 1
    return [
        Found(
            brief(PurePosixPath(inside).name),
            brief(folders[inside]) if named else "",
            reader(inside),
        )
        for inside in pictures
    ]


def _evenly(found: Sequence[Found]) -> Iterator[Found]:
    """Yield the first picture of each class folder, then the second of each, and so on."""
    by_folder: dict[str, list[Found]] = {}
    for each in found:
        by_folder.setdefault(each.folder, []).append(each)
    for row in zip_longest(*by_folder.values()):
        yield from (each for each in row if each)


END, LOCATOR = b"PK\x05\x06", b"PK\x06\x07"  # of a zip's last records
TAIL = 65_535 + 22 + 20 + 56  # bytes in which they are


def _check_directory(path: Path) -> None:
    """Refuse a zip whose list of files is so long that reading it would fill the memory."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(-min(size, TAIL), os.SEEK_END)
            tail = file.read(TAIL)
    except OSError as error:
        raise UserError("This zip cannot be read: send it again.") from error
    at = tail.rfind(END, 0, max(len(tail) - 18, 0))
    listed = struct.unpack_from("<L", tail, at + 12)[0] if at >= 0 else 0
    if at >= 20 and tail[at - 20 : at - 16] == LOCATOR:  # a zip of more than 4 GB, or made so
        if at < 76 or tail[at - 76 : at - 72] != b"PK\x06\x06":
            raise UserError("This zip is of a rare kind: pack its files again, at most 4 GB.")
        listed = struct.unpack_from("<Q", tail, at - 36)[0]
    if listed > DIRECTORY * limits.COLLECTION_FILES.value:
        raise UserError(f"{limits.COLLECTION_FILES.sentence}; this has many more.")
