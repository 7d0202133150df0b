"""The output of commands: lines for people, JSON for scripts, files by photograph."""

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import printable_lines
from seviz.words.numbers import percent, signed

if TYPE_CHECKING:
    from seviz.records.provenance import Provenance
    from seviz.records.trace import Answer


ANSWERS = ("trace.json", "attributions.json")  # files that say of which photograph they are

GATES_ALONE = "gates alone: the network has no head"


def print_json(value: Any) -> None:
    """Print plain values as JSON, with why those that are null are so."""
    from seviz.answers.nulls import with_reasons

    print(json.dumps(with_reasons(value), indent=1, ensure_ascii=False))


def print_report(
    options: argparse.Namespace, report: Any, lines: Iterable[str], *, of: "Provenance"
) -> None:
    """Print a report, which is a dataclass: all of it as JSON, or lines for people.

    of: what it is a report of, which is printed with it.
    """
    if options.json:
        print_json({**asdict(report), "provenance": asdict(of)})
        return
    from seviz.words.provenance import provenance_words

    print(printable_lines("\n".join([*lines, "", provenance_words(of)])))


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
            named = str(path) in str(error)
            refused.append(str(error) if named else f"{path}: {error}")
            continue
        print(printable_lines(f"{folder}  {line}"), flush=True)
    if refused:
        raise UserError("\nseviz: ".join(refused))


def check_photos(options: argparse.Namespace) -> None:
    """Refuse photographs of which none is a file, before anything is loaded for them."""
    if any(path.is_file() for path in options.photos):
        return
    from seviz.photos.file import read_file

    write_each(options, lambda path, _: str(read_file(path)))


def folders(photos: Sequence[Path], out: Path) -> Iterable[tuple[Path, Path]]:
    """Pair each photograph with its folder; a second one of the same stem gets a suffix.

    A folder that holds the answers about another photograph, of an earlier call, is left alone.
    """
    taken: set[str] = set()
    for photo in photos:
        stem = photo.stem if photo.stem.strip(".") else "photo"  # “..” would be another folder
        name, n = stem, 2
        # Some disks don't tell a.png from A.png.
        while name.casefold() in taken or _is_of_another(out / name, photo):
            name, n = f"{stem}-{n}", n + 1
        taken.add(name.casefold())
        yield photo, out / name


def _is_of_another(folder: Path, photo: Path) -> bool:
    """Tell whether a folder holds answers, but not about this photograph, as far as they say."""
    for file in (folder / name for name in ANSWERS):
        if not os.access(file, os.F_OK):  # which no name is too long for
            continue
        try:
            (kept,) = json.loads(file.read_bytes())["provenance"]["photographs"]
            if kept["sha256"] != hashlib.sha256(photo.read_bytes()).hexdigest():
                return True
        except (OSError, ValueError, LookupError, TypeError):
            return True
    return False
