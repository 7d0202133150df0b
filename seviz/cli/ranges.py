"""`seviz ranges`: the ranges of gates and features over a data set, and what int8 does to them."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.data_options import (
    DATA_MORE,
    add_images,
    check_images,
    reading_of,
    told_once,
)
from seviz.cli.options import add_json, add_loaders, add_network, network, path, print_note
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.files import check_kind
from seviz.photos.kinds import data_title
from seviz.photos.used import used_lines
from seviz.reference.world import joined, processes

if TYPE_CHECKING:
    from seviz.measuring.ranges import RangesFound
    from seviz.records.ranges import Ranges, TensorRanges

HELP = "Measure the ranges of gates and features, and what int8 would do to them."
MORE = f"""\
U are a block's features before its gate, s·U those behind it. Least and greatest values are of all
images, positions and channels; the other quantiles, and the noise, are of a fixed sample of up to
4,096 images, and of one position in each.

int8 is symmetric, with one scale for the whole tensor: its largest absolute value, or the 99.9 %
quantile, has the last step. A channel counts as lost where its whole range has fewer than 16 of
the 256 steps. Clipped is what the 99.9 % quantile cuts off in the channel that loses most by it.
The gap is what one scale for the tensor costs against one for each channel, in dB of signal to
quantisation noise: where it is larger behind the gate than before, the gate makes it worse.

FILE is one of:
  .csv   a row a block and tensor (s, U, s·U)
  .json  the same, with provenance
  .npz   the least and greatest value of each channel: after/SE_2_1/low and high, and s and before

With --out a run that was killed goes on with the same command, and torchrun shares the work, as of
`seviz profile`.

{DATA_MORE}"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, images, and the file to write."""
    add_network(command, of_images=True)
    add_images(command, "images, in class folders or, with --labels none, without", split="val")
    command.add_argument(
        "--out", type=path, metavar="FILE", help="also write a file: .csv, .npz or .json"
    )
    add_loaders(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the ranges of each block, and write them where asked to."""
    with told_once():
        key = _checked(options)
    from seviz.measuring.ranges import measure_ranges
    from seviz.reference.parts import delete_parts, parts_beside
    from seviz.zoo.models import load

    reading = reading_of(options)
    parts = parts_beside(options.out) if options.out else None
    with joined() as world:
        images = reading.open(options.data)
        found = measure_ranges(
            load(key),
            images,
            data=data_title(options.data, images.part, options.limit),
            loaders=options.loaders,
            skip_unreadable=reading.skip_unreadable,
            parts=parts,
            world=world,
        )
        if found is not None:
            _report(options, key, found)
        world.wait()  # until the result is there, the parts are needed
        if parts:
            delete_parts(parts)


def _checked(options: argparse.Namespace) -> str:
    """Return the network's key; UserError where the options do not fit."""
    if options.out is None and processes() > 1:
        raise UserError("Several processes share their work in files; give --out FILE.")
    if options.out is not None:
        check_kind(options.out, (".csv", ".npz", ".json"))
    key = network(options)
    check_images(options)
    return key


def _report(options: argparse.Namespace, key: str, found: "RangesFound") -> None:
    from dataclasses import asdict

    from seviz.answers.provenance import provenance
    from seviz.measuring.ranges_files import save_ranges

    of = provenance(key, data=options.data, command=options.command)
    if options.out is not None:
        save_ranges(options.out, found, provenance=asdict(of))
        print_note(f"the ranges are in {options.out}")
    lines = [*_lines(found.ranges), "", *used_lines(found.used)]
    print_report(options, found.ranges, lines, of=of)


def _lines(found: "Ranges") -> Iterator[str]:
    from seviz.words.ranges import ranges_words

    yield f"Ranges over {found.images:,} images; quantiles and noise of {found.sampled:,} of them"
    heads = ("0.1 %", "median", "99.9 %", "largest", "spread", "lost", "clipped", "gap dB")
    yield f"\n{'block':12}  {'':3}  " + "  ".join(f"{head:>8}" for head in heads)
    for block in found.blocks:
        yield _row(block.site, "s", _values(block.s))
        for name, of in (("U", block.before), ("s·U", block.after)):
            yield _row("", name, [*_values(of.quantiles), *_of_tensor(of)])
    yield f"\n{ranges_words(found)}"


def _values(quantiles: tuple[float, ...]) -> list[str]:
    low, *inner, high = quantiles
    shown = (inner[0], inner[2], inner[4], max(abs(low), abs(high)))
    return [f"{value:.3f}" for value in shown]


def _of_tensor(of: "TensorRanges") -> list[str]:
    from seviz.words.ranges import gap_words

    spread = "" if of.spread is None else f"{of.spread:.1f}×"
    clipped = f"{100 * of.by_quantile.most_clipped:.1f} %"
    return [spread, f"{100 * of.by_largest.narrow:.1f} %", clipped, gap_words(of)]


def _row(block: str, tensor: str, cells: list[str]) -> str:
    return "  ".join([f"{block:12}", f"{tensor:3}", *(f"{cell:>8}" for cell in cells)])
