"""`seviz necessity`: the blocks that an answer depends on."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.options import add_question, question
from seviz.cli.output import answer_line, print_report

if TYPE_CHECKING:
    from seviz.answers.necessity import Change, NecessityReport

HELP = "Find the blocks whose gates an answer depends on."


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a question about one photograph, and the rule that replaces gates."""
    add_question(command, "for static gates")
    command.add_argument(
        "--replace",
        default="",
        metavar="RULE",
        help="what replaces the gates, such as static, identity or 0; "
        "default: static or, without statistics, identity",
    )


def run(options: argparse.Namespace) -> None:
    """Print how the answer changes when the gates of each block are replaced."""
    about = question(options)
    from seviz.answers.necessity import necessity_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    report = necessity_report(**about, replace=options.replace)
    edits = {"intact": "intact", "replaced": report.replaced_by}
    photos = [file_of(about["photo"])]
    of = provenance(report.model, photos, edits=edits, command=options.command)
    print_report(options, report, _lines(report), of=of)


def _lines(report: "NecessityReport") -> Iterator[str]:
    from seviz.gates.grammar import parse_arm
    from seviz.words.arms import rule_words

    yield answer_line(report.target)
    yield (
        "Change of the logit with a block's gates replaced: "
        f"{rule_words(parse_arm(report.replaced_by).edits[0].rule)}. "
        "* marks that the first answer changes."
    )
    yield f"\n{'block':12}  {'alone':>9}  {'with all later':>18}"
    for block in report.blocks:
        yield f"{block.name:12}  {_change(block.alone):>9}  {_change(block.onward):>18}"
    if report.note:
        yield f"\n{report.note}"


def _change(change: "Change") -> str:
    return f"{change.logit:+.3f}{'*' if change.flipped else ' '}"
