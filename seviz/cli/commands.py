"""All commands, and the parser of the command line."""

import argparse
import re
import textwrap
from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

from seviz import __version__
from seviz.cli import (
    app,
    architectures,
    attribute,
    bench,
    channels,
    classes,
    compare,
    convert,
    costs,
    evaluate,
    exemplars,
    fold,
    gates,
    map,
    models,
    necessity,
    pictures,
    pointing,
    profile,
    ranges,
    remake,
    report,
    results,
    study,
    trace,
    train,
)
from seviz.phrases import brief, nearest_names


class Command(Protocol):
    """The module of a command: HELP is one sentence; MORE, if any, is a reference below it."""

    HELP: str

    def add_options(self, command: argparse.ArgumentParser) -> None:
        """Add the command's options."""

    def run(self, options: argparse.Namespace) -> None:
        """Run the command and print its answer; UserError for bad input."""


GROUPS: dict[str, dict[str, Command]] = {  # in the order of --help
    "the page": {"app": app},
    "questions about photographs": {
        "trace": trace,
        "attribute": attribute,
        "necessity": necessity,
        "channels": channels,
        "compare": compare,
        "report": report,
    },
    "questions about gates": {"pictures": pictures},
    "questions about data sets": {"classes": classes, "exemplars": exemplars, "map": map},
    "networks": {
        "models": models,
        "convert": convert,
        "costs": costs,
        "profile": profile,
        "fold": fold,
    },
    "measurements on many images": {
        "gates": gates,
        "evaluate": evaluate,
        "ranges": ranges,
        "pointing": pointing,
    },
    "the laboratory": {"results": results, "train": train, "study": study},
    "for contributors": {"remake": remake, "bench": bench, "architectures": architectures},
}
COMMANDS: dict[str, Command] = {
    name: module for group in GROUPS.values() for name, module in group.items()
}
UNKNOWN = re.compile(r"(argument COMMAND: invalid choice: '(.*)') \(choose from .*\)", re.DOTALL)
# A photograph behind an option that takes several numbers.
SWALLOWED = re.compile(r"invalid (?:int|float) value: '.*\.\w+'")
LONG = re.compile(r"\S{200,}")
WIDTH = 100  # characters of a line of help


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, and which tells where its help can't be written."""

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write a message; argparse's own would pass over an OSError in silence."""
        if message and file is not None:
            file.write(message)

    def error(self, message: str) -> NoReturn:
        """End with status 2, and say what is wrong; for an unknown command, which is near."""
        unknown = UNKNOWN.fullmatch(message)
        near = nearest_names(unknown[2], COMMANDS, count=1, cutoff=0.6) if unknown else []
        if unknown and near:
            message = f"{unknown[1]}; did you mean {near[0]}?"
        if SWALLOWED.search(message):
            message += "; photographs come first, as an option takes all values that follow it"
        message = LONG.sub(lambda word: brief(word[0]), message)
        self.exit(2, f"{self.prog}: {message} (`{self.prog} --help` tells more)\n")


def parser() -> argparse.ArgumentParser:
    """Make the parser; its result's `run` is the function of the chosen command."""
    whole = Parser(
        prog="seviz",
        usage="seviz [-h] [--version] COMMAND ...",
        description="Explore the gates of Squeeze-and-Excitation networks.",
        epilog="\n".join(_group_lines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"seviz {__version__}")
    # The list of --help is that of the groups.
    commands = whole.add_subparsers(
        prog="seviz", required=True, metavar="COMMAND", help=argparse.SUPPRESS
    )
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


def _group_lines() -> Iterator[str]:
    """List the commands by group, each with its sentence."""
    for title, group in GROUPS.items():
        yield f"{title}:"
        for name, module in group.items():
            yield textwrap.fill(
                module.HELP, WIDTH, initial_indent=f"  {name:14}", subsequent_indent=" " * 16
            )
        yield ""
    yield "`seviz COMMAND --help` explains a command."
