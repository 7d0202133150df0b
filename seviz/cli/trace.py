"""`seviz trace`: what a network answers to photographs in each arm, its descriptors and gates."""

import argparse
from pathlib import Path

from seviz.cli.options import (
    add_arms,
    add_folder,
    add_network,
    add_photos,
    add_statistics,
    network,
    statistics,
)
from seviz.cli.output import write_each
from seviz.errors import UserError

HELP = "Trace photographs with and without gates, and write JSON and arrays."


def add_options(command: argparse.ArgumentParser) -> None:
    """Take photographs, a network, arms, and the folder to write into."""
    add_photos(command)
    add_network(command)
    add_arms(
        command,
        "arms by name or by edits, such as static or 'half: SE_4*=0.5; SE_5_1[0:8]*=0'; "
        "default: intact identity",
        default=("intact", "identity"),
    )
    add_statistics(command, "for static arms")
    command.add_argument(
        "--topk",
        type=int,
        default=5,
        metavar="K",
        help="number of answers to write for each arm; default: 5",
    )
    add_folder(command)


def run(options: argparse.Namespace) -> None:
    """Write trace.json and trace.npz for each photograph, and print the first answers."""
    if options.topk < 1:
        raise UserError(f"--topk is {options.topk}; give a number of answers, 1 or more.")
    key = network(options)
    from seviz.answers.export import write_trace
    from seviz.gates.grammar import parse_arms
    from seviz.passes.dispatch import ask, fetch
    from seviz.passes.forward import trace
    from seviz.photos.read import read_photo
    from seviz.reference.recorded import recorded_for

    arms, key = parse_arms(options.arms), fetch(key)
    recorded = recorded_for(key, arms, statistics(options))

    def write(path: Path, folder: Path) -> str:
        record = ask(trace, key, read_photo(path), arms, recorded)
        write_trace(record, folder, options.topk)
        return ", ".join(f"{arm.name}: {record.top(i, 1)[0].label}" for i, arm in enumerate(arms))

    write_each(options, write)
