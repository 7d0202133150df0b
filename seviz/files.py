"""Files that are written whole or not at all, and the digests that tell them apart."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from seviz.errors import UserError

CHUNK = 1 << 20  # bytes


@contextmanager
def swapped_in(path: Path) -> Iterator[Path]:
    """Give a path beside a file's, of this process alone; what is written there takes its place.

    A kill leaves the old version or the new one. UserError where the file can't be written.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield fresh
        fresh.replace(path)
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its old version, then swap; UserError where it can't be."""
    with swapped_in(path) as fresh:
        fresh.write_bytes(content)


def hexdigest(file: Path, hasher: Any = None) -> str:
    """Return a file's digest in hexadecimal: its sha256, or what another hashlib object makes."""
    hasher = hasher or hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
    return str(hasher.hexdigest())
