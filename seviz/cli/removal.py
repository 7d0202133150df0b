"""`seviz channels --data`: the accuracy of a network with channels removed."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.cli.data_options import DATA_MORE, add_images, check_images, reading_of
from seviz.cli.figure_file import write_removal
from seviz.cli.options import add_loaders, network, path, print_note, statistics
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.photos.kinds import data_title
from seviz.photos.used import used_lines
from seviz.phrases import brief
from seviz.records.removal import ORDERS, RANDOM
from seviz.reference.world import processes

if TYPE_CHECKING:
    from seviz.measuring.removal import RemovalFound
    from seviz.records.removal import Removal

MORE = f"""
With --data, channels are removed, whose gates are set to 0, and the accuracy is measured against
the share of channels that are gone: of each block's channels, or with --block of one block's, or
with --across of all channels in one ranking. The order is by the smallest
  gate       mean gate, of the network's gate statistics or those of --profile
  deviation  standard deviation of the gate over images, of the same statistics
  score      mean |s · ∂logit/∂s|, the effect to first order, on a fixed half of the images
  random     at random, with five seeds
first. Accuracies are of the other half of the images, with the 95 % interval of the difference
from the intact network, on the same images. --mask writes which channels one order (--by) removes
at the share --remove: {{"blocks": {{"SE_4_6": {{"path", "channels", "removed"}}}}}}, as JSON.

  seviz channels --data DIR --by gate random --out curves.csv
  seviz channels --data DIR --by gate random --out curves.html
  seviz channels --data DIR --by score --remove 30% --mask mask.json

{DATA_MORE}"""
STEPS = 8
CURVES = (".csv", ".html")  # endings of --out
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")


def add_removal(command: argparse.ArgumentParser) -> None:
    """Add a data set, and what is removed of the network."""
    add_images(command, "remove channels, and measure on these images", split="val", required=False)
    group = command.add_argument_group("channels that are removed, with --data")
    group.add_argument("--block", default="", metavar="BLOCK", help="of this block; default: all")
    group.add_argument(
        "--across", action="store_true", help="rank the channels of all blocks together"
    )
    group.add_argument(
        "--by",
        nargs="+",
        choices=ORDERS,
        metavar="ORDER",
        help=f"one or more of {', '.join(ORDERS)}; default: all",
    )
    group.add_argument(
        "--steps", type=int, metavar="N", help=f"points of each curve; default: {STEPS}"
    )
    group.add_argument("--remove", metavar="SHARE", help="a share such as 30%%, for --mask")
    group.add_argument(
        "--mask", type=path, metavar="FILE", help="write the channels that go at --remove, .json"
    )
    group.add_argument("--out", type=path, metavar="FILE", help="write the curves, .csv or .html")
    add_loaders(command)


def check_no_removal(options: argparse.Namespace) -> None:
    """Refuse options about removed channels without --data, and a question about nothing."""
    names = ("block", "across", "by", "steps", "remove", "mask", "out", "limit")
    if given := [name for name in names if getattr(options, name)]:
        raise UserError(f"--{given[0]} is about the images of --data; give that, too.")
    if not options.photos:
        raise UserError("Give a photograph, or a data set by --data DIR.")


def run_removal(options: argparse.Namespace) -> None:
    """Print the accuracy with channels removed, and write what was asked for."""
    orders, shares, share = _wanted(options)
    key = network(options)
    check_images(options)
    from seviz.answers.provenance import provenance
    from seviz.measuring.evaluate import labelled_images
    from seviz.measuring.removal import Wanted, measure_removal
    from seviz.reference.gather import reference
    from seviz.zoo.catalogue import find
    from seviz.zoo.models import load

    reading, profile = reading_of(options), statistics(options) or reference(key)
    images = labelled_images(find(key), options.data, reading)
    loaded = load(key)
    found = measure_removal(
        loaded,
        images,
        Wanted(orders, shares, options.block, options.across),
        data=data_title(options.data, images.part, options.limit),
        profile=profile,
        loaders=options.loaders,
        skip_unreadable=reading.skip_unreadable,
    )
    of = provenance(key, data=options.data, command=options.command)
    _write(options, found, share, sites=loaded.probe.sites, of=of)
    lines = [*_lines(found.removal), "", *used_lines(found.used)]
    print_report(options, found.removal, lines, of=of)


def _wanted(options: argparse.Namespace) -> tuple[tuple[str, ...], tuple[float, ...], float]:
    """Return the orders, the shares of channels, and that of --remove (0 without a mask)."""
    if processes() > 1:
        raise UserError("`seviz channels` runs as one process; start it without torchrun.")
    orders = tuple(dict.fromkeys(options.by or ORDERS))
    steps = STEPS if options.steps is None else options.steps
    if not 1 <= steps <= 100:
        raise UserError(f"--steps is {steps}; give a number of points, 1 to 100.")
    if (options.mask is None) != (options.remove is None):
        raise UserError("--mask says where to write and --remove what, such as 30%; give both.")
    share = 0.0
    if options.mask is not None:
        if len(orders) > 1:
            raise UserError("A mask is of one order; choose it, such as --by gate.")
        share = _share(options.remove)
    from seviz.measuring.table_files import check_table

    for file, endings in ((options.mask, (".json",)), (options.out, CURVES)):
        if file is not None:
            check_table(file, endings)
    shares = {step / steps for step in range(1, steps + 1)} | ({share} if share else set())
    return orders, tuple(sorted(shares)), share


def _share(text: str) -> float:
    """Read 30% or 0.3; UserError where it is no share of channels."""
    found = SHARE.fullmatch(text.strip())
    share = float(found[1]) / (100 if found[2] else 1) if found else 0.0
    if not 0 < share <= 1:
        raise UserError(f"--remove {brief(text)} is no share; give one such as 30% or 0.3.")
    return share


def _write(
    options: argparse.Namespace, found: "RemovalFound", share: float, *, sites: Any, of: Any
) -> None:
    if options.out is not None:
        _write_curves(options.out, found.removal, of=of)
        print_note(f"the curves are in {options.out}")
    if options.mask is not None:
        from dataclasses import asdict

        from seviz.measuring.removal_files import save_mask

        order = found.removal.curves[0].order
        save_mask(options.mask, found, order=order, share=share, sites=sites, provenance=asdict(of))
        print_note(f"the channels are in {options.mask}")


def _write_curves(path: Path, found: "Removal", *, of: Any) -> None:
    """Write the curves as a table, or as a chart that a browser opens."""
    if path.suffix.lower() == ".html":
        from seviz.words.provenance import provenance_words

        write_removal(path, found, of=provenance_words(of))
        return
    from seviz.measuring.removal_files import save_curves

    save_curves(path, found)


def _lines(found: "Removal") -> Iterator[str]:
    from seviz.words.numbers import points
    from seviz.words.removal import SHORT, chosen_words, verdicts, what_words

    yield f"Accuracy with a share {what_words(found)} removed; intact: {100 * found.accuracy:.1f} %"
    heads = [f"{SHORT[curve.order]:>22}" for curve in found.orders]
    heads += [f"{RANDOM + ' (by seed)':>22}"] if found.random else []
    yield "  ".join([f"\n{'removed':>8}  {'channels':>8}", *heads])
    for place, share in enumerate(found.shares):
        at = [curve.points[place] for curve in found.orders]
        cells = [
            f"{100 * p.accuracy:.1f} % [{points(-p.lost.high)}, {points(-p.lost.low)}]" for p in at
        ]
        if found.random:
            mean, least, greatest = (100 * end for end in found.random[place])
            cells.append(f"{mean:.1f} % ({least:.1f} to {greatest:.1f})")
        count = found.curves[0].points[place].removed
        yield "  ".join(
            [f"{100 * share:6.1f} %", f"{count:8,}", *(f"{cell:>22}" for cell in cells)]
        )
    yield "In brackets: the change from intact in points, its 95 % interval on the same images.\n"
    yield from verdicts(found)
    yield chosen_words(found)
