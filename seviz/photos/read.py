"""Reading of an untrusted picture: from its path or bytes to RGB, within limits."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.errors import UserError
from seviz.photos import pool
from seviz.photos.decode import check_bytes, to_rgb, upright

# A picture, its file's bytes, its path, or H×W×3 numbers.
Photo = Image.Image | bytes | str | os.PathLike[str] | npt.NDArray[Any]


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

    An array is RGB, H×W×3: bytes, or numbers from 0 to 1. UserError where it is none.
    """
    if isinstance(photo, bytes | str | os.PathLike):
        return read_photo(photo)
    if isinstance(photo, np.ndarray):
        return _from_array(photo)
    if not isinstance(photo, Image.Image):
        raise UserError(
            "A photograph is a PIL image, the path or bytes of a file, or an array H×W×3, not "
            f"{type(photo).__name__}; seviz.read_photo reads a file."
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


def _from_array(pixels: npt.NDArray[Any]) -> Image.Image:
    """Make a picture of H×W×3 bytes, or numbers from 0 to 1; UserError for any other array."""
    shape = "×".join(map(str, pixels.shape)) or "one number"
    if pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise UserError(
            f"An array that is a photograph is RGB of H×W×3 pixels, and this one is {shape}; put "
            "the colours last, and repeat one channel three times."
        )
    if pixels.dtype == np.uint8:
        return Image.fromarray(np.ascontiguousarray(pixels))
    floating = np.issubdtype(pixels.dtype, np.floating)
    if not floating or not ((pixels >= 0) & (pixels <= 1)).all():  # NaN neither
        others = ", and others are in it" if floating else ""
        raise UserError(
            "An array that is a photograph holds bytes (uint8), or numbers from 0 to 1 (float); "
            f"this one is of {pixels.dtype}{others}."
        )
    return Image.fromarray((pixels.astype(np.float64) * 255).round().astype(np.uint8))
