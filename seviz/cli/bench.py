"""`seviz bench`: the time that seviz adds to bare forward passes."""

import argparse
from typing import TYPE_CHECKING, Any

from seviz.cli.options import add_json
from seviz.cli.output import print_json

if TYPE_CHECKING:
    from seviz.bench.rows import Row, Skipped

HELP = "Measure the time that seviz adds to a network's forward passes."
MORE = """\
Each line gives the ratio of seviz's time to that of the bare pass, or of another library, with
its quartiles and its limit. assets/figures.md explains the rows.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the choice of JSON."""
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print a line for each measurement as soon as it is made."""
    from seviz.bench.measurements import bench
    from seviz.bench.rows import Skipped
    from seviz.measuring.hardware import hardware

    rows: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    if not options.json:
        print(f"Measured on {hardware()}")
    try:
        for found in bench():
            (skipped if isinstance(found, Skipped) else rows).append(vars(found))
            if not options.json:
                print(_line(found), flush=True)
    finally:  # an interrupted bench still prints the rows that it has
        if options.json:
            print_json({"hardware": hardware(), "rows": rows, "skipped": skipped})


def _line(found: "Row | Skipped") -> str:
    from seviz.bench.rows import Skipped

    if isinstance(found, Skipped):
        return f"{found.name:21} not measured: {found.why}"
    verdict = "within" if found.ratio <= found.limit else "OVER"
    return (
        f"{found.name:21} {found.ratio:.3f} × bare [{found.low:.3f}, {found.high:.3f}], "
        f"{verdict} {found.limit:.2f}  ({found.ours:.1f} ms, bare {found.theirs:.1f} ms)"
    )
