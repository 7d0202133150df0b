"""A photograph with the record of its file, which results name."""

import hashlib
import os
from pathlib import Path

from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo
from seviz.records.provenance import PhotoFile

FILE = "file"  # the key in a photograph's `info` under which its `PhotoFile` is


def read_file(path: str | os.PathLike[str], name: str | None = None) -> Image.Image:
    """Read a photograph as `read_photo` does, with the record of its file in its `info`.

    name: what the record calls it, for people who know which one they sent; by default its path,
    which the sentence of a UserError then names too.
    """
    try:
        photo = read_photo(path)
        data = Path(path).read_bytes()
    except UserError as error:
        if name is not None:
            raise
        raise UserError(naming(str(path), str(error))) from error
    except OSError as error:
        raise UserError(f"The file {name or path} can't be read: {error.strerror}.") from error
    return record_file(photo, name or str(path), data)


def record_file(photo: Image.Image, name: str, data: bytes) -> Image.Image:
    """Put the record of its file, of a name and some bytes, into a photograph; returns it."""
    photo.info[FILE] = PhotoFile(name, hashlib.sha256(data).hexdigest(), *photo.size)
    return photo


def file_of(photo: object) -> PhotoFile | None:
    """Return the record of a photograph's file; None where it was not read by `read_file`."""
    found = photo.info.get(FILE) if isinstance(photo, Image.Image) else None
    return found if isinstance(found, PhotoFile) else None


def naming(name: str, sentence: str) -> str:
    """Put a file's name before a sentence that does not name it."""
    return sentence if f"The file {name} " in sentence else f"{name}: {sentence}"
