"""`seviz bench`: the time that seviz adds to bare forward passes, and what visitors wait."""

import argparse
from typing import TYPE_CHECKING, Any

from seviz.cli.options import add_json
from seviz.cli.output import print_json

if TYPE_CHECKING:
    from seviz.bench.rows import Row, Skipped
    from seviz.bench.visitors import Load

HELP = "Measure the time that seviz adds to forward passes, or that visitors wait."
MORE = """\
With --visitors, the app is served on loopback in a process of its own, and so many visitors come
at once, each with four questions; their answers are compared with those of one who asks alone.

Else each line gives the ratio of seviz's time to that of the bare pass, or of another library, with
its quartiles and its limit. assets/figures.md explains the rows.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the rows, the numbers of visitors and the choice of JSON."""
    command.add_argument(
        "--rows", nargs="+", metavar="NAME", help="measure only these rows, such as capture startup"
    )
    command.add_argument(
        "--visitors", type=int, nargs="+", metavar="N", help="visitors at once, such as 1 10 50"
    )
    command.add_argument(
        "--questions", type=int, default=4, metavar="N", help="of each visitor, 1 to 4"
    )
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print a line for each measurement as soon as it is made."""
    if options.visitors is None:
        _passes(options)
    else:
        _visitors(options)


def _visitors(options: argparse.Namespace) -> None:
    from seviz.bench.visitors import loads
    from seviz.measuring.hardware import hardware

    rows: list[dict[str, Any]] = []
    if not options.json:
        print(f"Measured on {hardware()}")
    try:
        for found in loads(options.visitors, options.questions):
            rows.append(vars(found))
            if not options.json:
                print(_load(found), flush=True)
    finally:
        if options.json:
            print_json({"hardware": hardware(), "visitors": rows})


def _load(found: "Load") -> str:
    median, most = found.first
    waits = (f"/{task} {found.p50[task]:.2f} and {found.p95[task]:.2f}" for task in found.p50)
    memory = (found.before, found.peak, found.after)
    resident = " → ".join("?" if mb is None else f"{mb:,.0f}" for mb in memory)
    return (
        f"{found.visitors} at once, {found.questions} questions: {found.rate:.1f} answers a second "
        f"({found.against_serial:.2f} × one after the other); {found.errors} errors, "
        f"{found.refused} refused, {found.wrong} wrong\n"
        f"  seconds, median and 95 %: first answer {median:.2f} and {most:.2f}, "
        f"{', '.join(waits)}\n"
        f"  resident memory of the server before, at most, after: {resident} MB"
    )


def _passes(options: argparse.Namespace) -> None:
    from seviz.bench.measurements import bench, check_rows
    from seviz.bench.rows import Skipped
    from seviz.measuring.hardware import hardware

    only = options.rows or []
    check_rows(only)
    rows: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    if not options.json:
        print(f"Measured on {hardware()}")
    try:
        for found in bench(only):
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
