"""`seviz necessity`: the blocks that an answer depends on."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli import necessity_of_data
from seviz.cli.data_options import DATA_MORE, add_images
from seviz.cli.options import add_loaders, add_question, path, question
from seviz.cli.output import answer_line
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import MORE_JSON, Report, listed_photographs, print_each
from seviz.errors import UserError
from seviz.records.losses import USUAL_BUDGET

if TYPE_CHECKING:
    from PIL import Image

    from seviz.answers.necessity import Change, NecessityReport

HELP = "Find the blocks whose gates an answer, or a network over a data set, depends on."
MORE = f"""\
{PHOTOGRAPHS}{MORE_JSON}Below the answers, several photographs are put together: the mean change of
the logits with its 95 % interval, and how many first answers change, by block.

With --data, each block's gates are replaced alone, with those of all later and of all earlier
blocks, in one pass of all images: the change of accuracy and of the mean log-probability of the
class, with 95 % intervals over the images, how many answers stay, and which classes lose most.
Then blocks are chosen one after the other, at each step the one with which fewest images are lost,
until more than --budget points are lost: half of the images choose, the others tell what the
choice loses. With --further FILE, the choice of an earlier run goes on. A run with --out that was
killed goes on with the same command, and several processes share the work:
torchrun --nproc-per-node N -m seviz necessity --data … .

{DATA_MORE}"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a question about photographs or a data set, and the rule that replaces gates."""
    add_question(command, "for static gates", photos=False, of_images=True)
    command.add_argument(
        "--replace",
        default="",
        metavar="RULE",
        help="what replaces the gates, such as static, identity or 0; "
        "default: static or, without statistics, identity",
    )
    add_images(
        command,
        "instead of PHOTO, images with their classes, or any with --labels none",
        split="val",
        required=False,
    )
    command.add_argument(
        "--budget",
        type=float,
        metavar="X",
        help="with --data, points of accuracy that a set of blocks may lose; "
        f"default: {USUAL_BUDGET}",
    )
    command.add_argument(
        "--out", type=path, metavar="FILE", help="with --data, also write all of it, as .json"
    )
    command.add_argument(
        "--further",
        type=path,
        metavar="FILE",
        help="what --out wrote: with the same --data and --limit, only its choice of blocks goes "
        "on, to a larger --budget",
    )
    add_loaders(command)


def run(options: argparse.Namespace) -> None:
    """Print how answers change when the gates of each block are replaced."""
    if options.data is None:
        _check_photographs(options)
        _run_photographs(options)
    elif options.photos:
        raise UserError("Give photographs, or a data set by --data; each has answers of its own.")
    else:
        necessity_of_data.run(options)


def _check_photographs(options: argparse.Namespace) -> None:
    """Refuse what is only of a data set, before anything is loaded."""
    if not options.photos:
        raise UserError("Give photographs, or a data set by --data.")
    given = {
        "--budget": options.budget,
        "--out": options.out,
        "--further": options.further,
        "--limit": options.limit,
        "--loaders": options.loaders,
        "--labels none": None if options.labelled else "",
    }
    if alone := [name for name, value in given.items() if value is not None]:
        raise UserError(
            f"{alone[0]} is about a data set; give one by --data, or photographs alone."
        )


def _run_photographs(options: argparse.Namespace) -> None:
    """Print the answer about each photograph, and about all of them together."""
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

    print_each(options, photos, report, together=_together)


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


def _together(reports: "list[NecessityReport]") -> Iterator[str]:
    """Yield the lines about several photographs together, the block with most effect first."""
    from seviz.answers.together import together
    from seviz.words.numbers import difference

    yield f"The {len(reports)} photographs together: the mean change of the logit, with its 95 %"
    yield "interval over photographs, and the first answers that change; the largest change first."
    yield f"\n{'block':12}  {'alone':>24}  {'change':>6}  {'with all later':>24}  {'change':>6}"
    for block in together(reports):
        cells = ""
        for of in (block.alone, block.onward):
            low, high = difference(of.logit.low), difference(of.logit.high)
            cells += f"  {difference(of.logit.mean):>8} {f'[{low}, {high}]':>15}  {of.flips:>6}"
        yield f"{block.site:12}{cells}"


def _change(change: "Change") -> str:
    return f"{change.logit:+.3f}{'*' if change.flipped else ' '}"
