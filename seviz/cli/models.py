"""`seviz models`: the networks that can be opened."""

import argparse

from seviz.cli.options import add_json
from seviz.cli.output import print_json

HELP = "List the networks that you can open."
MORE = """\
Columns: key for --model, parameters, input side, top-1 accuracy, place of the weights (here, or
where they are downloaded from), group, licence and title.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the choice of JSON."""
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print a line for each network."""
    from seviz.zoo import catalogue

    entries = catalogue.entries()
    if options.json:
        print_json([entry.to_json() for entry in entries])
        return
    print(
        f"{'key':44} {'params':>8}  {'input':6}  {'top-1':6}  {'place':8}  {'group':10}  "
        f"{'licence':23}  title"
    )
    for entry in entries:
        place = "here" if entry.cached else entry.source
        side = entry.input_size[-1]
        top1 = "" if entry.top1 is None else f"{entry.top1:.1f} %"
        print(
            f"{entry.key:44} {entry.parameters / 1e6:6.1f} M  {side:3} px  {top1:6}  {place:8}  "
            f"{entry.group:10}  {entry.licence:23}  {entry.title}"
        )
