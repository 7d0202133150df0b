"""Files that are written whole or not at all."""

from contextlib import suppress
from pathlib import Path

from seviz.errors import UserError


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
