"""`seviz pointing`: how often explanations point at the object."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.options import (
    add_arms,
    add_data,
    add_json,
    add_loaders,
    add_network,
    add_statistics,
    check_data,
    network,
    statistics,
)
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.words.numbers import percent

if TYPE_CHECKING:
    from seviz.faithfulness.pointing import Pointing
    from seviz.records.losses import Estimate

HELP = "Measure how often explanations point at the object."
MORE = """\
DIR holds "val" images of the network's classes and boxes.tsv, one line per image: split, wnid,
file, x0, y0, x1, y1. Each image's own class is explained; a hit is a map whose largest value lies
in the box, and energy is the share of the positive evidence in it (arXiv 1910.01279).
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, images with boxes, a method, and two arms."""
    add_network(command)
    add_data(command, "labelled images, with a file boxes.tsv", metavar="DIR")
    command.add_argument(
        "--images", type=int, default=1000, metavar="N", help="number of images; default: 1000"
    )
    command.add_argument(
        "--method",
        default="gradcam",
        metavar="METHOD",
        help="one of captum's methods; default: gradcam",
    )
    command.add_argument(
        "--layer",
        default="",
        metavar="BLOCK",
        help="block that layer methods look at, such as SE_4_6; default: the last",
    )
    add_arms(
        command,
        "two arms to compare; default: intact, and static or, without statistics, identity",
        count=2,
    )
    add_statistics(command, "for static arms")
    add_loaders(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print how often the maps of either arm point into the box."""
    if options.images < 2:
        raise UserError(f"--images is {options.images}; give 2 or more, as an interval needs them.")
    key = network(options)
    check_data(options)
    from seviz.answers.provenance import provenance
    from seviz.attribution.methods import METHODS
    from seviz.faithfulness.pointing import pointing
    from seviz.watch import Bar

    with Bar("pointing") as bar:
        found = pointing(
            key,
            options.data,
            images=options.images,
            method=options.method,
            layer=options.layer,
            arms=options.arms,
            profile=statistics(options),
            loaders=options.loaders,
            watch=bar,
        )
    edits = {arm.arm: arm.arm for arm in found.arms}
    of = provenance(key, data=options.data, edits=edits, command=options.command)
    print_report(options, found, _lines(found, METHODS[found.method].title), of=of)


def _lines(found: "Pointing", method: str) -> Iterator[str]:
    yield (
        f"{method} over {found.images} images; a map without information would have "
        f"{percent(found.chance)} in the box"
    )
    rows = [(arm.arm, arm.hits, arm.energy) for arm in found.arms]
    rows.append(("difference", found.hits_difference, found.energy_difference))
    for name, hits, energy in rows:
        yield f"{name:12}  points into the box {_interval(hits)}, energy {_interval(energy)}"


def _interval(found: "Estimate") -> str:
    return f"{100 * found.mean:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"
