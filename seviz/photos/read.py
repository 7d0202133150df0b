"""Reading of an untrusted picture: from its path or bytes to RGB, within limits."""

import os
from pathlib import Path

from PIL import Image

from seviz.errors import UserError
from seviz.photos import pool
from seviz.photos.decode import check_bytes, to_rgb, upright

Photo = Image.Image | bytes | str | os.PathLike[str]  # a picture, its file's bytes, or its path


def read_photo(source: bytes | str | os.PathLike[str], *, side: int = 0) -> Image.Image:
    """Decode a picture from the bytes of its file or from its path, as `decode_photo` says.

    Another process decodes (`seviz.photos.pool`). Raises UserError, and nothing else, for bytes and
    paths that do not give a picture, or not within the limits on time and memory.
    """
    data = source if isinstance(source, bytes) else read_file(Path(source))
    check_bytes(len(data))
    return pool.decode(data, side)


def read_file(path: Path) -> bytes:
    """Return the bytes of an ordinary file, its size checked before it is read."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            raise UserError(f"The file {path} {what}: give the path of one picture file.")
        check_bytes(path.stat().st_size)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UserError(f"The file {path} cannot be read: check its name and rights.") from error


def as_rgb(photo: Photo) -> Image.Image:
    """Return any picture as upright 8-bit RGB: one that is decoded, or the file or bytes of one.

    UserError where it is none.
    """
    if isinstance(photo, bytes | str | os.PathLike):
        return read_photo(photo)
    if not isinstance(photo, Image.Image):
        raise UserError(
            f"A photograph is a PIL image or the path of a file, not {type(photo).__name__}; "
            "seviz.read_photo reads one."
        )
    try:
        if not photo.width * photo.height:
            raise ValueError("no pixels")
        return upright(photo if photo.mode == "RGB" else to_rgb(photo), of=photo)
    except Exception as error:  # one that is empty, closed or cut short raises nearly anything
        raise UserError(
            "This picture can't be read: its file is closed or cut short, or its kind is rare; "
            "seviz.read_photo reads a file."
        ) from error
