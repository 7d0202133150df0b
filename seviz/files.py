"""Atomic writing of files, and digests of their contents."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from seviz.errors import UserError

CHUNK = 1 << 20  # bytes


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path, and rename what is written there to `path` at the end of the block.

    A process that is killed leaves the old version or the new one, never a part. UserError where
    the file can't be written.
    """
    # In the same folder, as a rename between file systems is not atomic.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file's content by `atomic_write`, with its errors."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def hexdigest(file: Path, hasher: Any = None) -> str:
    """Return a file's hexadecimal digest; hasher: a new hashlib object, sha256 by default."""
    hasher = hasher or hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
    return str(hasher.hexdigest())


def current_digest(file: Path) -> str:
    """Return a file's sha256, which is read once per process unless the file changes."""
    state = file.stat()
    return _digest(file, (state.st_size, state.st_mtime_ns, state.st_ino))


@cache
def _digest(file: Path, state: tuple[int, int, int]) -> str:  # noqa: ARG001 - tells a change
    return hexdigest(file)
