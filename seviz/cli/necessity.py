"""`seviz necessity`: the blocks that an answer depends on."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.options import add_question, question
from seviz.cli.output import answer_line
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import MORE_JSON, Report, listed_photographs, print_each

if TYPE_CHECKING:
    from PIL import Image

    from seviz.answers.necessity import Change, NecessityReport

HELP = "Find the blocks whose gates an answer depends on."
MORE = PHOTOGRAPHS + MORE_JSON


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a question about photographs, and the rule that replaces gates."""
    add_question(command, "for static gates")
    command.add_argument(
        "--replace",
        default="",
        metavar="RULE",
        help="what replaces the gates, such as static, identity or 0; "
        "default: static or, without statistics, identity",
    )


def run(options: argparse.Namespace) -> None:
    """Print how each answer changes when the gates of each block are replaced."""
    asked, photos = question(options), listed_photographs(options)
    from seviz.answers.necessity import check_necessity, necessity_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    asked["replace"] = options.replace
    check_necessity(**asked)

    def report(photo: "Image.Image") -> Report:
        found = necessity_report(photo=photo, **asked)
        edits = {"intact": "intact", "replaced": found.replaced_by}
        of = provenance(found.model, [file_of(photo)], edits=edits, command=options.command)
        return found, _lines(found), of

    print_each(options, photos, report)


def _lines(report: "NecessityReport") -> Iterator[str]:
    from seviz.gates.grammar import parse_arm
    from seviz.words.arms import rule_words
    from seviz.words.target import score_name

    yield answer_line(report.target)
    yield (
        f"Change of the {score_name(report.target)} with a block's gates replaced: "
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
