"""`seviz architectures`: whether seviz is exact for every architecture with SE blocks."""

import argparse
import datetime
from collections.abc import Callable
from pathlib import Path

from seviz.cli.options import add_json, path
from seviz.cli.output import print_json

HELP = "Try every architecture with SE blocks of timm and torchvision, with random weights."
MORE = """\
Of each architecture of at most 60 M parameters, with seeded random weights whose gates move, it
compares with references that are made without hooks: the SE blocks that are found, z and s; the
answers in arms, such as identity with nn.Identity in place of the blocks; the necessity of blocks;
and Grad-CAM. All of them take an hour or two; a run that was ended goes on where it was, and tries
again those that were not exact. --structure passes one image through each, those without SE too,
and lists which SE blocks its structure tells and its classes don't, or the other way round.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the architectures and the files."""
    command.add_argument(
        "names",
        nargs="*",
        metavar="ARCH",
        help="architectures, torchvision's as torchvision/NAME; default: all",
    )
    command.add_argument(
        "--state",
        type=path,
        default=Path("architectures.jsonl"),
        metavar="FILE",
        help="what was tried, a line each; default: architectures.jsonl",
    )
    command.add_argument(
        "--table",
        type=path,
        metavar="FILE",
        help="write all that FILE of --state has as Markdown, such as assets/architectures.md",
    )
    command.add_argument(
        "--structure",
        action="store_true",
        help="instead compare the SE blocks found by structure with those found by class",
    )
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print a line for each architecture that has SE blocks, as soon as it is tried."""
    from dataclasses import asdict

    from seviz.bench import architectures, structures
    from seviz.files import write_whole
    from seviz.measuring.hardware import hardware
    from seviz.words import architectures as words

    chosen, state = options.names or architectures.names(), options.state
    if options.structure:
        tried = map(words.structure_line, structures.compare_all(chosen, state))
    else:
        tried = map(words.architecture_line, architectures.try_all(chosen, state))
    for line in filter(None, tried):
        if not options.json:
            print(line, flush=True)
    found = structures.read(state) if options.structure else architectures.read(state)
    if options.json:
        print_json([asdict(each) for each in found])
    if options.table:
        write: Callable[..., str] = (
            words.structures_page if options.structure else words.architectures_page
        )
        today = datetime.date.today().isoformat()
        page = write(found, hardware=hardware(), date=today)
        write_whole(options.table, page.encode())
