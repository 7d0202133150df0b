"""Options of the commands that explain answers."""

import argparse

from seviz.attribution.steps import check_steps


def add_explaining(command: argparse.ArgumentParser) -> None:
    """Add how answers are explained: methods, their block and steps, and what else is measured."""
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
    command.add_argument(
        "--trust", action="store_true", help="also measure how far to trust each method's maps"
    )
    command.add_argument(
        "--shares",
        action="store_true",
        help="also share the difference of the first two arms out over the gates",
    )


def steps(options: argparse.Namespace) -> int | None:
    """Return the number of steps of `add_explaining`; UserError where no method takes so many."""
    count: int | None = options.steps
    check_steps(count)
    return count
