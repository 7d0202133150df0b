"""The output of commands: lines for people, JSON for scripts, files by photograph."""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.words.numbers import percent, signed

if TYPE_CHECKING:
    from seviz.records.trace import Answer


def print_json(value: Any) -> None:
    """Print plain values as JSON."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


def print_report(options: argparse.Namespace, report: Any, lines: Iterable[str]) -> None:
    """Print a report, which is a dataclass: all of it as JSON, or lines for people."""
    if options.json:
        print_json(asdict(report))
    else:
        print("\n".join(lines))


def answer_line(answer: "Answer") -> str:
    """Return a class with its probability and logit, as one line."""
    return f"{answer.label}: {percent(answer.probability)}, logit {signed(answer.logit)}"


def write_each(options: argparse.Namespace, write: Callable[[Path, Path], str]) -> None:
    """Write the answer about each photograph into a folder of its own, and print a line about it.

    write: takes the photograph's path and the folder, and returns the line. A bad photograph does
    not stop the others; a UserError at the end names all bad ones.
    """
    refused = []
    for path, folder in folders(options.photos, options.out):
        try:
            line = write(path, folder)
        except UserError as error:
            refused.append(f"{path}: {error}")
            continue
        except OSError as error:
            raise UserError(f"{folder} can't be written: {error.strerror}.") from error
        print(f"{folder}  {line}")
    if refused:
        raise UserError("\nseviz: ".join(refused))


def folders(photos: Sequence[Path], out: Path) -> Iterable[tuple[Path, Path]]:
    """Pair each photograph with its folder; a second one of the same stem gets a suffix."""
    taken: set[str] = set()
    for photo in photos:
        stem = photo.stem if photo.stem.strip(".") else "photo"  # “..” would be another folder
        name, n = stem, 2
        while name.casefold() in taken:  # some disks don't tell a.png from A.png
            name, n = f"{stem}-{n}", n + 1
        taken.add(name.casefold())
        yield photo, out / name
