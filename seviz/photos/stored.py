"""An image as a data set stores it, and its decoding as uploads are decoded."""

import os
from typing import NamedTuple

from PIL import Image

from seviz.errors import UserError
from seviz.photos.decode import check_bytes, decode_photo, is_light
from seviz.photos.listing import Member
from seviz.photos.read import as_rgb, read_photo
from seviz.photos.trees import open_zip


class Stored(NamedTuple):
    """An image of a data set: its file's bytes, or a picture where the set keeps no files.

    label: the number of its class in the data set. name: its path from the data set's root on, or
    what else tells it from the others.
    """

    content: bytes | Image.Image
    label: int
    name: str


def decode_stored(content: bytes | Image.Image) -> Image.Image:
    """Return upright 8-bit RGB; UserError where it is no picture, or not within the limits.

    A small one is decoded here, as the way to another process takes ten times as long.
    """
    if isinstance(content, Image.Image):
        return as_rgb(content)
    check_bytes(len(content))
    return decode_photo(content) if is_light(content) else read_photo(content)


def read_stored(member: Member) -> bytes:
    """Return the bytes of an image's file; UserError where a zip is damaged."""
    if member.root.is_dir():
        return (member.root / member.inside).read_bytes()
    return open_zip(member.root, os.getpid()).read(member.inside)


def stored_size(member: Member) -> int:
    """Return the size of an image's file in bytes, without reading it."""
    if member.root.is_dir():
        return (member.root / member.inside).stat().st_size
    return open_zip(member.root, os.getpid()).entries[member.inside].file_size


def read_checked(member: Member) -> bytes:
    """Return the bytes of an image's file, its size checked before it is read, or unpacked.

    UserError where it can't be read.
    """
    try:
        check_bytes(stored_size(member))
        return read_stored(member)
    except OSError as error:
        raise UserError("The file cannot be read: check its rights.") from error
