"""Options of the commands that explain answers."""

import argparse

from seviz.attribution.steps import check_steps


def add_explaining(command: argparse.ArgumentParser) -> None:
    """Add how answers are explained: methods, the block they look at, and their steps."""
    command.add_argument(
        "--method",
        nargs="+",
        default=["gradcam"],
        metavar="METHOD",
        help="one or more of captum's methods, such as integrated_gradients; default: gradcam",
    )
    command.add_argument(
        "--layer",
        default="",
        metavar="BLOCK",
        help="block that layer methods look at, such as SE_4_6; default: the last",
    )
    command.add_argument(
        "--steps", type=int, metavar="N", help="number of steps of a path, or of noise samples"
    )


def steps(options: argparse.Namespace) -> int | None:
    """Return the number of steps of `add_explaining`; UserError where no method takes so many."""
    count: int | None = options.steps
    check_steps(count)
    return count
