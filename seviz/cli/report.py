"""`seviz report`: all that is known of a photograph's answer, as a page or a zip that travels."""

import argparse
from typing import TYPE_CHECKING, Any

from seviz.cli.changing import add_change, asked_changing
from seviz.cli.explaining import add_explaining, steps
from seviz.cli.options import (
    add_arms,
    add_network,
    add_statistics,
    network,
    path,
    statistics,
)
from seviz.errors import UserError
from seviz.phrases import printable

if TYPE_CHECKING:
    from seviz.reports.result import Result

HELP = "Write a report on a photograph's answers: one HTML page, or a zip with all figures."
MORE = """\
The page has the answers of all arms side by side, every gate, the gates that differ from what is
usual, the attribution maps, the blocks and channels that the answer depends on, the state of the
blocks, and how to repeat it. It is one file that fetches nothing: open it without a network, send
it, print it, or put it on any host. It holds the photograph as the network saw it. Its charts are
drawn by the browser, which can save each as SVG or PNG; the rest needs no scripts. With --trust it
also tells how far each map can be trusted, beside control maps; that takes much longer than the
maps. With --alpha-to REFERENCE it also tells how the answer moves while all gates go from the
photograph's own (α = 0) to reference gates (α = 1). --change and --second compare the photograph
with itself as changed, and with another one, as `seviz compare` does; `seviz compare --change list`
lists the changes.

FILE.zip holds the page, README.txt, and the same as JSON, NumPy arrays and a PNG for each map.
`seviz trace --help` explains how to write arms, `seviz attribute --help` what the methods need.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a photograph, a network, arms, a class, methods, and the file to write."""
    command.add_argument("photo", type=path, metavar="PHOTO", help="a photograph")
    add_network(command)
    add_arms(command, "arms to compare; default: those of the page")
    command.add_argument(
        "--target",
        default="",
        metavar="CLASS",
        help="class to follow, by name, number or WordNet id; or two of them, 'A vs B', for the "
        "lead of A over B; default: the network's answer",
    )
    add_explaining(command)
    command.add_argument(
        "--alpha-to",
        default="",
        metavar="REFERENCE",
        help="also follow the answer while all gates go from the photograph's own to static, "
        "identity or uniform",
    )
    beside = command.add_argument_group("the photograph, changed or beside another")
    add_change(beside)
    beside.add_argument(
        "--second",
        type=path,
        metavar="PHOTO2",
        help="also find where the gates of a second photograph differ",
    )
    add_statistics(command, "for static arms and percentiles")
    command.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="file to write, .html or .zip"
    )


def run(options: argparse.Namespace) -> None:
    """Write the report, and print the answers and where it is."""
    count = steps(options)
    from seviz.answers.checks import check_methods
    from seviz.gates.grammar import parse_arms
    from seviz.photos.file import read_file
    from seviz.reports.kinds import check_report_file
    from seviz.watch import Bar

    check_report_file(options.out)
    if options.photo.exists() and options.out.exists() and options.photo.samefile(options.out):
        raise UserError(f"{options.out} is the photograph; name another file for --out.")
    changing = asked_changing(options)
    methods = check_methods(options.method)
    if options.arms:
        parse_arms(options.arms)
    photo, key = read_file(options.photo), network(options)
    asked: dict[str, Any] = {
        "arms": options.arms,
        "target": options.target,
        "methods": methods,
        "layer": options.layer,
        "shares": options.shares,
        "alpha_to": options.alpha_to,
        "profile": statistics(options),
    }
    from seviz.reports.files import write_report
    from seviz.reports.result import check_report, report_result

    check_report(key, **asked)
    second = None if options.second is None else read_file(options.second)
    more: dict[str, Any] = {"steps": count, "trust": options.trust}
    more |= {"change": changing, "second": second}
    with Bar(options.photo.name) as bar:
        result = report_result(key, photo, **asked, **more, watch=bar)
    write_report(result, options.out, command=options.command)
    print(printable(_line(result, str(options.out))))


def _line(result: "Result", path: str) -> str:
    from seviz.words.arms import arm_title

    trace = result.trace
    tops = (f"{arm_title(arm)}: {trace.top(i, 1)[0].label}" for i, arm in enumerate(trace.arms))
    return f"{path}  {', '.join(tops)}  {trace.note}".rstrip()
