"""Files that are written whole or not at all, and the digests that tell them apart."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from seviz.errors import UserError

CHUNK = 1 << 20  # bytes


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its old version, then swap; UserError where it can't be."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise UserError(f"{path} can't be written: {error.strerror}.") from error


def hexdigest(file: Path, hasher: Any = None) -> str:
    """Return a file's digest in hexadecimal: its sha256, or what another hashlib object makes."""
    hasher = hasher or hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
    return str(hasher.hexdigest())
