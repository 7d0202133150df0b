"""The output of commands: lines for people, JSON for scripts, folders by photograph."""

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import printable_lines

if TYPE_CHECKING:
    from seviz.photos.several import Photograph
    from seviz.records.provenance import Provenance
    from seviz.records.target import Followed


ANSWERS = ("trace.json", "attributions.json")  # files that say of which photograph they are

GATES_ALONE = "gates alone: the network has no head"


def print_json(value: Any) -> None:
    """Print plain values as JSON, with why those that are null are so."""
    print(json_text(value))


def json_text(value: Any) -> str:
    """Write plain values as JSON, with why those that are null are so."""
    from seviz.answers.nulls import with_reasons

    return json.dumps(with_reasons(value), indent=1, ensure_ascii=False)


def print_report(
    options: argparse.Namespace, report: Any, lines: Iterable[str], *, of: "Provenance"
) -> None:
    """Print a report, which is a dataclass: all of it as JSON, or lines for people.

    of: what it is a report of, which is printed with it.
    """
    if options.json:
        print_json({**asdict(report), "provenance": asdict(of)})
        return
    print(printable_lines("\n".join(report_lines(lines, of))))


def report_lines(lines: Iterable[str], of: "Provenance") -> list[str]:
    """Return the lines of a report, with what it is of below them."""
    from seviz.words.provenance import provenance_words

    return [*lines, "", provenance_words(of)]


def answer_line(answer: "Followed") -> str:
    """Return what was followed with its value, as one line."""
    from seviz.words.target import answer_words

    return answer_words(answer)


def folders(photos: Iterable["Photograph"], out: Path) -> Iterator[Path]:
    """Yield each photograph's folder, named for its file; a second one of a name gets a suffix.

    The folders inside a folder or zip are kept: cat/1.jpg gets OUT/cat/1. A folder that holds the
    answers about another photograph, of an earlier call, is left alone.
    """
    taken: set[str] = set()
    for photo in photos:
        file = photo.path_for_output
        stem = _safe(file.stem)
        around = out.joinpath(*map(_safe, file.parts[:-1]))
        folder, n = around / stem, 2
        # Some disks don't tell a.png from A.png.
        while str(folder).casefold() in taken or _is_of_another(folder, photo):
            folder, n = around / f"{stem}-{n}", n + 1
        taken.add(str(folder).casefold())
        yield folder


def _safe(name: str) -> str:
    """Return the name of a folder that is not “..”, which would be another one."""
    return name if name.strip(".") else "photo"


def _is_of_another(folder: Path, photo: "Photograph") -> bool:
    """Tell whether a folder holds answers, but not about this photograph, as far as they say."""
    for file in (folder / name for name in ANSWERS):
        if not os.access(file, os.F_OK):  # which no name is too long for
            continue
        try:
            (kept,) = json.loads(file.read_bytes())["provenance"]["photographs"]
            if kept["sha256"] != photo.digest():
                return True
        except (UserError, OSError, ValueError, LookupError, TypeError):
            return True
    return False
