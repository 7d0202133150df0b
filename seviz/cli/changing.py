"""Options of the commands that change a photograph."""

import argparse
from typing import TYPE_CHECKING

from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.records.drift import Changing

ABOUT_CHANGE = {"--strength": "strength", "--seed": "seed", "--region": "region"}


def add_change(command: "argparse._ActionsContainer") -> None:
    """Add what is done to a photograph, how strongly, by which chance, and where."""
    command.add_argument("--change", metavar="CHANGE", help="what is done to it, such as jigsaw")
    command.add_argument(
        "--strength", type=float, metavar="X", help="how strongly; default: the change's usual one"
    )
    command.add_argument("--seed", type=int, metavar="N", help="of what is random; default: 0")
    command.add_argument(
        "--region", metavar="REGION", help="what is painted over, such as top; default: centre"
    )


def asked_changing(options: argparse.Namespace) -> "Changing | None":
    """Return the change of `add_change`, None where there is none; UserError for no such change."""
    if options.change is None:
        given = [o for o, name in ABOUT_CHANGE.items() if getattr(options, name) is not None]
        if given:
            raise UserError(f"{given[0]} is about --change CHANGE; give both.")
        return None
    from seviz.answers.changes import asked_change

    return asked_change(
        options.change,
        options.strength,
        seed=options.seed or 0,
        region=options.region or "centre",
    )
