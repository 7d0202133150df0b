"""The sha256 of a file, which tells one network's weights from another's."""

import hashlib
from pathlib import Path
from typing import Any

CHUNK = 1 << 20  # bytes


def hexdigest(file: Path, hasher: Any = None) -> str:
    """Return a file's digest in hexadecimal: its sha256, or what another hashlib object makes."""
    hasher = hasher or hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
    return str(hasher.hexdigest())
