"""Atomic writing of files, and digests of their contents."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.phrases import join_list

CHUNK = 1 << 20  # bytes


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path, and rename what is written there to `path` at the end of the block.

    A process that is killed leaves the old version or the new one, never a part. Where `path` is a
    link, the file that it leads to is replaced; a device or a pipe is written to as it is.
    UserError where the file can't be written.
    """
    final = Path(os.path.realpath(path))
    with writing(path):
        if final.exists() and not (final.is_file() or final.is_dir()):
            yield final
            return
        # In the same folder, as a rename between file systems is not atomic.
        temporary = final.with_name(f"{final.name}.{os.getpid()}.new")
        try:
            yield temporary
            temporary.replace(final)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError of the block, which writes a file or makes a folder, into a UserError."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from error


def make_folder(path: Path) -> None:
    """Make a folder, and those that it lies in; UserError where it can't be made."""
    check_folder(path)
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)


def check_folder(path: Path) -> None:
    """Raise UserError unless a folder, or what it will be made in, can be written into."""
    there = next(folder for folder in (path, *path.parents) if os.access(folder, os.F_OK))
    if not there.is_dir():
        raise UserError(f"{path} can't be a folder, as {there} is a file; name another folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UserError(f"{there} can't be written into; name another folder, or change rights.")


def check_writable(path: Path) -> None:
    """Raise UserError where no file can be written to a path."""
    if path.is_dir() or not path.parent.is_dir():
        raise UserError(f"{path} can't be written; name a file in an existing folder.")
    check_folder(path.parent)


def check_kind(path: Path, endings: Sequence[str]) -> None:
    """Raise UserError unless a path has one of the endings, and can be written."""
    if path.suffix.lower() not in endings:
        say = "say" if len(endings) > 1 else "says"
        raise UserError(f"{path} has to end in {join_list(endings, ' or ')}, which {say} its kind.")
    check_writable(path)


def check_target(path: Path) -> None:
    """Raise UserError where safetensors can't be written to a path, or would replace other work.

    A safetensors file begins with the length of its header, 8 bytes, and the header's brace.
    """
    check_writable(path)
    if not path.is_file():  # a device or a pipe is written to as it is
        return
    with writing(path), path.open("rb") as stream:
        start, size = stream.read(9), os.fstat(stream.fileno()).st_size
    length = int.from_bytes(start[:8], "little")
    if start[8:] != b"{" or 8 + length > size:
        raise UserError(f"{path} is there and is no safetensors file; name another one.")


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
