"""`seviz channels`: the channels that an answer depends on, and what drives a gate."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.options import add_question, question
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import MORE_JSON, Report, listed_photographs, print_each
from seviz.cli.removal import MORE as REMOVAL
from seviz.cli.removal import add_removal, check_no_removal, run_removal
from seviz.errors import UserError
from seviz.words.numbers import signed

if TYPE_CHECKING:
    from PIL import Image

    from seviz.answers.channels import ChannelsReport, GateReport

HELP = "Find the channels whose gates an answer, or the accuracy on a data set, depends on."
MORE = PHOTOGRAPHS + MORE_JSON + REMOVAL
ABOUT_ONE = ("photos", "target", "gate")  # options about photographs


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a question about photographs, the number of channels, and one gate."""
    add_question(command, "to compare with, or to order channels by", photos=False)
    command.add_argument(
        "--top",
        "--topk",
        type=int,
        default=8,
        metavar="N",
        help="number of channels to measure exactly; default: 8",
    )
    command.add_argument(
        "--gate",
        default="",
        metavar="GATE",
        help="also find the descriptors that drive this gate, such as SE_4_6[17], and the places "
        "that open it",
    )
    add_removal(command)


def run(options: argparse.Namespace) -> None:
    """Print what the gates add to each answer, the state of each block, and a gate's drivers.

    With --data, print the accuracy with channels removed.
    """
    if options.data is not None:
        if given := [name for name in ABOUT_ONE if getattr(options, name)]:
            what = "photographs are" if given[0] == "photos" else f"--{given[0]} is"
            raise UserError(f"{what} no part of a question about --data; leave one of them out.")
        run_removal(options)
        return
    check_no_removal(options)
    asked, photos = question(options), listed_photographs(options)
    from seviz.answers.channels import channels_report, check_channels
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    asked |= {"top": options.top, "gate": options.gate}
    check_channels(**asked)

    def report(photo: "Image.Image") -> Report:
        found = channels_report(photo=photo, **asked)
        return (
            found,
            _lines(found),
            provenance(found.model, [file_of(photo)], command=options.command),
        )

    print_each(options, photos, report)


def _lines(report: "ChannelsReport") -> Iterator[str]:
    from seviz.words.target import score_noun

    yield f"What the gates add to {score_noun(report.target)}"
    yield f"\n{'channel':16}  {'s':>6}  {'first order':>11}  {'exact':>8}  percentile"
    for c in report.top:
        percentile = "" if c.percentile is None else f"{c.percentile:10.1f}"
        name = f"{c.site}[{c.channel}]"
        yield f"{name:16}  {c.s:6.3f}  {c.first_order:+11.4f}  {c.exact:+8.4f}  {percentile}"
    yield f"\n{'block':12}  {'gates':10}  {'channels that move':18}  nearest classes"
    for block in report.blocks:
        nearest = ", ".join(known.label for known in block.nearest)
        found = block.diagnosis
        moving = "" if found.moving is None else f"{found.moving} of {found.channels}"
        yield f"{found.site:12}  {found.verdict or 'active':10}  {moving:>18}  {nearest}"
    if report.gate:
        yield from _gate_lines(report.gate)


def _gate_lines(gate: "GateReport") -> Iterator[str]:
    z = "" if gate.z is None else f"z = {signed(gate.z)}, "
    yield f"\n{gate.site}[{gate.channel}]: {z}s = {gate.s:.4f}"
    for way, slopes in (("raised", gate.raised_by), ("lowered", gate.lowered_by)):
        drivers = ", ".join(f"z[{d.channel}] ({d.slope:+.3g})" for d in slopes)
        yield f"{way} by {drivers or 'none'}"
    if gate.places:
        of = gate.places
        yield (
            f"with all z at 0 it would be {of.at_zero:.4f}; its places add {of.linear:+.4f} to "
            f"first order, which leaves {of.rest:+.4f} of s (--json has the map)"
        )
