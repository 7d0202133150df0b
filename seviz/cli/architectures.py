"""`seviz architectures`: whether seviz is exact for every architecture with SE blocks."""

import argparse
import datetime
from pathlib import Path

from seviz.cli.options import add_json, path
from seviz.cli.output import print_json

HELP = "Try every architecture with SE blocks of timm and torchvision, with random weights."
MORE = """\
Of each architecture of at most 60 M parameters, with seeded random weights whose gates move, it
compares with references that are made without hooks: the SE blocks that are found, z and s; the
answers in arms, such as identity with nn.Identity in place of the blocks; the necessity of blocks;
and Grad-CAM. All of them take an hour or two; a run that was ended goes on where it was, and tries
again those that were not exact.
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
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print a line for each architecture that has SE blocks, as soon as it is tried."""
    from dataclasses import asdict

    from seviz.bench.architectures import names, read, try_all
    from seviz.files import write_whole
    from seviz.measuring.hardware import hardware
    from seviz.words.architectures import architecture_line, architectures_page

    for trial in try_all(options.names or names(), options.state):
        if not options.json and not trial.left_out:
            print(architecture_line(trial), flush=True)
    trials = read(options.state)
    if options.json:
        print_json([asdict(trial) for trial in trials])
    if options.table:
        today = datetime.date.today().isoformat()
        page = architectures_page(trials, hardware=hardware(), date=today)
        write_whole(options.table, page.encode())
