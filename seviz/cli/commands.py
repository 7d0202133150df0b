"""All commands, and the parser of the command line."""

import argparse
from typing import Protocol

from seviz import __version__
from seviz.cli import (
    app,
    attribute,
    bench,
    channels,
    compare,
    convert,
    costs,
    evaluate,
    models,
    necessity,
    pointing,
    profile,
    remake,
    results,
    study,
    trace,
    train,
)


class Command(Protocol):
    """The module of a command: HELP is one sentence; MORE, if any, is a reference below it."""

    HELP: str

    def add_options(self, command: argparse.ArgumentParser) -> None:
        """Add the command's options."""

    def run(self, options: argparse.Namespace) -> None:
        """Run the command and print its answer; UserError for bad input."""


COMMANDS: dict[str, Command] = {  # in the order of --help
    "app": app,
    "models": models,
    "convert": convert,
    "trace": trace,
    "attribute": attribute,
    "necessity": necessity,
    "channels": channels,
    "compare": compare,
    "pointing": pointing,
    "evaluate": evaluate,
    "profile": profile,
    "costs": costs,
    "results": results,
    "train": train,
    "study": study,
    "remake": remake,
    "bench": bench,
}


def parser() -> argparse.ArgumentParser:
    """Make the parser; its result's `run` is the function of the chosen command."""
    whole = argparse.ArgumentParser(
        prog="seviz", description="Explore the gates of Squeeze-and-Excitation networks."
    )
    whole.add_argument("--version", action="version", version=f"seviz {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=getattr(module, "MORE", None),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_options(command)
        command.set_defaults(run=module.run)
    return whole
