"""Commands about several photographs: bad ones are named, and the others answered."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.cli.options import print_note
from seviz.cli.output import folders, json_text, report_lines
from seviz.errors import UserError
from seviz.phrases import printable_lines

if TYPE_CHECKING:
    from PIL import Image

    from seviz.photos.several import Listed, Photograph
    from seviz.records.provenance import Provenance
    from seviz.watch import Bar

MORE = """\
PHOTO is a picture's file, or a folder or zip: then all pictures in it and in its folders. Hidden
and system files are passed over, and a file that is named twice is taken once. Pictures that can't
be read are named on standard error, the others answered, and the exit code is 2.
"""
MORE_FOLDERS = """\
The picture cat/1.jpg of a folder or zip gets DIR/cat/1, a second one of its name DIR/cat/1-2.
"""
MORE_JSON = """\
With --json, one file gives one object; several files, a folder or a zip give a list of them.
"""
Report = tuple[Any, Iterable[str], "Provenance"]  # a dataclass, its lines, and what it is of


def listed_photographs(options: argparse.Namespace, *, once: bool = True) -> "Listed":
    """List the photographs that were given, and tell of files that are none.

    once: as of `list_photographs`. UserError where there is none, before anything is loaded.
    """
    from seviz.photos.several import list_photographs
    from seviz.photos.used import group, left_out_phrases

    found = list_photographs(options.photos, once=once)
    for phrase in left_out_phrases(group(found.left_out)):
        print_note(f"Left out: {phrase}.")
    if not found.photographs:
        raise refusal(found.refused)
    return found


def refusal(sentences: Iterable[str]) -> UserError:
    """Return the error whose sentences are told one a line."""
    return UserError("\nseviz: ".join(sentences))


def write_each(
    options: argparse.Namespace, found: "Listed", write: Callable[["Photograph", Path], str]
) -> None:
    """Write the answer about each photograph into a folder of its own, and print a line about it.

    write: takes the photograph and the folder, and returns the line. UserError as of `answer_each`.
    """
    folder_of = folders(found.photographs, options.out)

    def answer(photo: "Photograph") -> str:
        folder = next(folder_of)
        return f"{folder}  {write(photo, folder)}"

    answer_each(found, answer)


def print_each(
    options: argparse.Namespace,
    found: "Listed",
    report: Callable[["Image.Image"], Report],
    *,
    together: Callable[[list[Any]], Iterable[str]] | None = None,
) -> None:
    """Print a report on each photograph: as JSON, or as lines for people, under its name.

    Several are a list in JSON, and sections of lines, with those of `together` about all reports at
    the end. UserError as of `answer_each`.
    """
    reports = []

    def answer(photo: "Photograph") -> str:
        value, lines, of = report(photo.read())
        reports.append(value)
        if options.json:
            return json_text({**asdict(value), "provenance": asdict(of)})
        heading = [photo.name] if found.several else []
        return "\n".join([*heading, *report_lines(lines, of)])

    around: tuple[str | None, str | None, str | None] = (None, None, None)
    if found.several:
        around = ("[", ",", "]") if options.json else (None, "", None)
    refused = None
    try:
        answer_each(found, answer, around=around)
    except UserError as error:
        refused = error
    if together and len(reports) > 1 and not options.json:
        print("\n".join(["", *together(reports)]))
    if refused:
        raise refused


def answer_each(
    found: "Listed",
    answer: Callable[["Photograph"], str],
    *,
    around: tuple[str | None, str | None, str | None] = (None, None, None),
) -> None:
    """Print the answer about each photograph as soon as it is there.

    around: lines before, between and after the answers, if any. A bad photograph does not stop the
    others; a UserError at the end names all bad ones.
    """
    refused = list(found.refused)
    before, between, after = around
    mark = before
    with _bar(len(found.photographs)) as bar:
        for done, photo in enumerate(found.photographs, 1):
            try:
                text = answer(photo)
            except UserError as error:
                named = photo.name in str(error)
                refused.append(str(error) if named else f"{photo.name}: {error}")
            else:
                if bar:
                    bar.clear()
                print(printable_lines(text if mark is None else f"{mark}\n{text}"), flush=True)
                mark = between
            if bar:
                bar.report(done / len(found.photographs))
    if after is not None and len(refused) < len(found.refused) + len(found.photographs):
        print(after)
    if refused:
        raise refusal(refused)


@contextmanager
def _bar(count: int) -> Iterator["Bar | None"]:
    """Show a bar on a terminal where there are several photographs."""
    if count < 2:
        yield None
        return
    from seviz.watch import Bar

    with Bar(f"{count} photographs") as bar:
        yield bar
