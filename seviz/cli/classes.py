"""`seviz classes`: the gates of a data set by class, and what those of each block tell of it."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.figure_file import check_kind, write_curves, write_selectivity
from seviz.cli.options import (
    add_json,
    add_network,
    add_statistics,
    network,
    path,
    print_note,
    statistics,
)
from seviz.cli.output import print_report
from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.answers.classes import ClassesReport, SelectivityReport
    from seviz.records.classes import BlockSelectivity

HELP = "Compare the gates of classes in a data set, channel by channel or by depth."
MORE = """\
The gates are those of the network's reference statistics, or of a file that `profile` wrote. Up to
six classes, by name, number or WordNet id; by default four that are unlike each other. The table
has a channel in each line; --out draws all channels, in the same order. HTML holds plotly.js and
opens anywhere, with the curves of all blocks; SVG is drawn without a browser, and holds one block.

  seviz classes --block SE_4_6 --classes lion "tabby cat" --out curves.html
  seviz classes --by-depth
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network with its statistics, the block and the classes, and what is written."""
    add_network(command)
    command.add_argument(
        "--block", default="", metavar="BLOCK", help="default: the most selective one"
    )
    command.add_argument(
        "--classes", nargs="+", default=[], metavar="CLASS", help="up to six, by name, number or id"
    )
    command.add_argument(
        "--sort",
        metavar="ORDER",
        default="difference",
        help="order of the channels: channel (by number), mean (over all images) or difference "
        "(between the classes); default: difference",
    )
    command.add_argument(
        "--top", type=int, default=12, metavar="N", help="channels in the table; default: 12"
    )
    command.add_argument(
        "--photo", type=path, metavar="PHOTO", help="add the gates of this photograph"
    )
    command.add_argument(
        "--by-depth", action="store_true", help="print what the gates of each block tell of classes"
    )
    command.add_argument("--out", type=path, metavar="FILE", help="draw a figure, .html or .svg")
    add_statistics(command, "of a data set; default: those of the network")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the gates by class, or what each block tells of classes; draw them if asked to."""
    if options.out is not None:
        check_kind(options.out)
    if options.by_depth:
        _run_by_depth(options)
        return
    if options.top < 1:
        raise UserError(f"--top is {options.top}; give a number of channels, 1 or more.")
    key, profile = network(options), statistics(options)
    from seviz.answers.classes import choose_classes, known_profile, report_of
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of, read_file
    from seviz.reference.classes import find_block
    from seviz.words.provenance import provenance_words

    known = known_profile(key, profile)
    block = find_block(known, options.block)
    photo = None if options.photo is None else read_file(options.photo)
    chosen = choose_classes(key, options.classes, profile=known, photo=photo)
    report = report_of(key, chosen, block, order=options.sort)
    of = provenance(key, [file_of(photo)], data=report.data, command=options.command)
    if options.out is not None:
        words = provenance_words(of)
        write_curves(options.out, chosen, block, order=options.sort, of=words)
        print_note(f"the figure is in {options.out}")
    print_report(options, report, _lines(report, options.top), of=of)


def _run_by_depth(options: argparse.Namespace) -> None:
    if given := [name for name in ("block", "classes", "photo") if getattr(options, name)]:
        raise UserError(f"--by-depth is about all blocks and classes; leave out --{given[0]}.")
    key, profile = network(options), statistics(options)
    from seviz.answers.classes import selectivity_report
    from seviz.answers.provenance import provenance
    from seviz.words.provenance import provenance_words

    report = selectivity_report(key, profile=profile)
    of = provenance(key, data=report.data, command=options.command)
    if options.out is not None:
        write_selectivity(options.out, report, of=provenance_words(of))
        print_note(f"the figure is in {options.out}")
    print_report(options, report, _depth_lines(report), of=of)


def _lines(report: "ClassesReport", top: int) -> Iterator[str]:
    from seviz.words.classes import ORDER_WORDS

    yield report.summary
    yield f"\nMean gate ± standard deviation, channels {ORDER_WORDS[report.order_by]}"
    heads = [f"{c.label[:18]:>18}" for c in report.classes]
    photo = [] if report.photo is None else [f"{'the photograph':>14}"]
    yield "  ".join([f"{'channel':14}", *heads, f"{'all images':>10}", *photo])
    for channel in report.order[:top]:
        means = [f"{c.mean[channel]:10.3f} ± {c.std[channel]:.3f}" for c in report.classes]
        of_photo = [] if report.photo is None else [f"{report.photo[channel]:14.3f}"]
        name = f"{report.block}[{channel}]"
        yield "  ".join([f"{name:14}", *means, f"{report.overall[channel]:10.3f}", *of_photo])


def _depth_lines(report: "SelectivityReport") -> Iterator[str]:
    yield report.summary
    yield (
        f"\n{'block':12}  {'η²':>5}  {'95 % interval':>14}  {'selectivity':>11}  {'constant':>8}  "
        f"{'saturated':>9}  neighbours"
    )
    for block in report.blocks:
        yield (
            f"{block.block:12}  {_number(block.share):>5}  {_interval(block):>14}  "
            f"{_number(block.selectivity):>11}  {_share(block.constant):>8}  "
            f"{_share(block.saturated):>9}  {_share(block.neighbours):>10}"
        )
    yield ""
    if report.blocks[0].neighbours is not None:
        yield f"Neighbours would be right in {_share(report.chance)} of the images by chance."
    yield from report.notes


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _interval(block: "BlockSelectivity") -> str:
    if block.share_low is None or block.share_high is None:
        return ""
    return f"{block.share_low:.3f} to {block.share_high:.3f}"
