"""`seviz costs`: what SE costs a network."""

import argparse

from seviz.cli.options import add_json, add_network, network
from seviz.cli.output import print_json

HELP = "Count the parameters, multiply-adds and time that SE adds; no weights are needed."
MORE = """\
The counts of the modules are compared with the article's formula, 2/r · Σ N·C², and the
difference is explained: biases, rounded widths and norms.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network."""
    add_network(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the counts, and why they differ from the article's formula."""
    key = network(options)
    from seviz.measuring.costs import costs
    from seviz.words.costs import cost_lines

    found = costs(key)
    if options.json:
        print_json(found.to_json())
    else:
        print("\n".join(cost_lines(found)))
