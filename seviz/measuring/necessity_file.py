"""Files of what a network loses over a data set: `necessity --out` writes them as JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.files import write_whole
from seviz.records.losses import SetNecessity

FORMAT = "seviz_necessity"  # the key of the format's number
VERSION = 1
LARGEST = 16 * 2**20  # bytes
SUFFIX = ".json"


def save(found: SetNecessity, path: Path) -> None:
    """Write a file, replacing an old one in one step; UserError where it can't."""
    content = {FORMAT: VERSION, **asdict(found)}
    write_whole(path, f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode())


def load(path: Path) -> SetNecessity:
    """Read a file of `save`; UserError where it is missing, damaged or something else."""
    if not path.is_file():
        raise UserError(f"There is no file {path}; `seviz necessity --data … --out` writes one.")
    odd = UserError(
        f"{path} is no file of `seviz necessity --out`, or it is damaged; write it again."
    )
    if path.stat().st_size > LARGEST:
        raise odd
    try:
        content = json.loads(path.read_bytes(), parse_constant=_refuse)
        version = content.pop(FORMAT)
    except (OSError, ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise odd from error
    if version != VERSION:
        raise UserError(f"{path} is of another version of seviz; write it again.")
    return read(content, odd)


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and infinities, which JSON does not have


def read(content: Any, odd: UserError) -> SetNecessity:
    """Make the record of plain JSON values; raises `odd` where they are none."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(SetNecessity).validate_python(content)
    except ValidationError as error:
        raise odd from error
