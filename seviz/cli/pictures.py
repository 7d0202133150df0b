"""`seviz pictures`: pictures made to open a gate, to shut it, and to excite its channel."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.cli.options import add_json, add_network, network, path, print_note
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.records.aims import AIMS, KINDS

if TYPE_CHECKING:
    from seviz.answers.pictures import Made

HELP = "Make pictures that open a gate, shut it, or excite its channel."
MORE = """\
Each picture is an optimum: it begins as noise and is changed step by step to raise the gate (what
its activation receives), to lower it, or to excite the channel's features. The control does the
same with shuffled weights. --out DIR gets a PNG for each picture, and a sheet of all.

--block draws one small picture for each gate of a block. Without --out, they lie where the app
finds them, and pointing at a gate shows its picture; a run that was stopped can be continued.
"""
SHEET = "sheet.png"
OF_A_GATE = {"--aims": "aims", "--seeds": "seeds", "--canvas": "kind", "--no-control": "control"}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a gate or a block, a network, and how the pictures are made."""
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--gate", metavar="GATE", help="a gate, such as SE_4_6[17]")
    what.add_argument("--block", metavar="BLOCK", help="all gates of a block, such as SE_4_6")
    add_network(command)
    command.add_argument(
        "--aims",
        nargs="+",
        choices=AIMS,
        metavar="AIM",
        help=f"of {', '.join(AIMS)}; default: all but the last",
    )
    command.add_argument("--seeds", type=int, metavar="N", help="default: 4")
    command.add_argument("--steps", type=int, metavar="N", help="default: 64, of a block 32")
    command.add_argument(
        "--canvas",
        dest="kind",
        choices=KINDS,
        help="all of a spectrum (fourier, the default), or its phases alone (maco): better for "
        "large networks",
    )
    command.add_argument(
        "--no-control",
        dest="control",
        action="store_false",
        default=None,
        help="leave out the pictures of shuffled weights",
    )
    command.add_argument("--out", type=path, metavar="DIR", help="folder to write into")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Write the pictures, and print what they reach."""
    if options.gate is None:
        _check_block(options)
        _draw_block(options)
        return
    if options.out is None:
        raise UserError("--out says where the pictures of a gate go to; give a folder.")
    key = network(options)
    from seviz.answers.pictures import (
        PicturesQuestion,
        draw_pictures,
        pictures_report,
    )
    from seviz.answers.provenance import provenance
    from seviz.files import check_folder
    from seviz.watch import Bar
    from seviz.words.pictures import control_words, headline, nothing_words, table_lines

    check_folder(options.out)
    given = {
        name: value
        for name in ("aims", "seeds", "steps", "kind", "control")
        if (value := getattr(options, name)) is not None
    }
    asked = PicturesQuestion(**given)
    with Bar("pictures") as bar:
        *_, made = draw_pictures(key, options.gate, asked, watch=bar)
    _write(made, options.out)
    report = pictures_report(key, asked, made)
    lines = [headline(report), nothing_words(report), control_words(report), ""]
    lines = [*filter(None, lines[:3]), "", *table_lines(report)]
    print_report(options, report, lines, of=provenance(key, command=options.command))


def _write(made: "Made", out: Path) -> None:
    """Write each picture, and a sheet of all with a row for each aim."""
    from PIL import Image

    from seviz.files import atomic_write, make_folder
    from seviz.photos.contact_sheet import contact_sheet
    from seviz.records.aims import TRAINED

    make_folder(out)
    groups = []
    for (aim, weights), pictures in made.pictures.items():
        name = aim if weights == TRAINED else "control"
        groups.append([Image.fromarray(pixels) for pixels in pictures.pixels])
        for seed, picture in zip(pictures.task.seeds, groups[-1], strict=True):
            with atomic_write(out / f"{name}-{seed + 1}.png") as file:
                picture.save(file, "PNG")
    with atomic_write(out / SHEET) as file:
        contact_sheet(groups).save(file, "PNG")
    rows = [aim if weights == TRAINED else "control" for aim, weights in made.pictures]
    print_note(f"{out / SHEET} shows the pictures; its rows, from the top: {', '.join(rows)}.")


def _check_block(options: argparse.Namespace) -> None:
    """Raise UserError for options that the pictures of a block do not have."""
    if alone := [o for o, name in OF_A_GATE.items() if getattr(options, name) is not None]:
        raise UserError(
            f"{alone[0]} is about the pictures of --gate GATE; of a --block, each gate has one "
            "picture that opens it, and --steps and --out can be given."
        )


def _draw_block(options: argparse.Namespace) -> None:
    """Draw the sheet of a block, and print what the gates reach."""
    key = network(options)
    from seviz.answers.overview import overview_report
    from seviz.answers.provenance import provenance
    from seviz.watch import Bar

    with Bar(options.block) as bar:
        found = overview_report(
            key, options.block, folder=options.out, steps=options.steps, watch=bar
        )
    lines = [found.summary, f"The sheet is {found.file}."]
    print_report(options, found, lines, of=provenance(key, command=options.command))
