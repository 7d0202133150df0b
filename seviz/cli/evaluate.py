"""`seviz evaluate`: how often a network is right, as it is or in several arms."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.data_options import DATA_MORE, add_images, check_images, reading_of
from seviz.cli.options import (
    add_arms,
    add_json,
    add_loaders,
    add_network,
    add_statistics,
    network,
    path,
    statistics,
)
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.photos.used import used_lines
from seviz.reference.world import processes

if TYPE_CHECKING:
    from seviz.measuring.arm_accuracy import ArmAccuracies, ArmAccuracy
    from seviz.measuring.evaluate import Evaluation

HELP = "Measure a network's accuracy, cost and speed on labelled images."
MORE = f"""\
The folders are called by WordNet ids or names of the network's classes, or of some of them,
whatever is inside. Hidden and system files are passed over; other files that are not read are
counted, with the reason.

--photographs enlarges each image to 500 pixels, encodes it as a JPEG and reads that as the page
reads uploads. --arms measures all arms in one pass: each arm's accuracy, the difference from the
first arm's with its standard error, and how often both give the same answer. --model twin
measures the embedded network's twin without SE; published networks without SE, such as
resnet50.a1_in1k, are the twins of those with SE. `seviz trace --help` explains how to write arms.
Accuracies have their 95 % interval (Wilson's) in brackets.

--predictions writes of each image its name, class, and in each arm its answer, probability and
logit, and whether it is right (1 or 0): as .csv with a row an image and arm, or as .npz with the
logits of all classes, too, N images × arms × K. Without --arms the arm is intact.

{DATA_MORE}"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, labelled images, and arms."""
    add_network(command)
    add_images(command, "labelled images", split="val")
    command.add_argument(
        "--photographs",
        action="store_true",
        help="first make each image a larger JPEG, as if it were uploaded",
    )
    add_arms(command, "measure the accuracy in each of these arms, such as intact static")
    add_statistics(command, "for static arms")
    command.add_argument(
        "--predictions",
        type=path,
        metavar="FILE",
        help="also write each image's answer in each arm, as .csv or .npz",
    )
    add_loaders(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the accuracy, cost and speed; with arms, the accuracy in each arm."""
    if processes() > 1:
        raise UserError("`seviz evaluate` runs as one process; start it without torchrun.")
    _check_predictions(options)
    if options.arms:
        _run_arms(options)
        return
    key = network(options)
    check_images(options)
    from seviz.answers.provenance import provenance
    from seviz.measuring.evaluate import evaluate

    measured = evaluate(
        key,
        options.data,
        options.photographs,
        loaders=options.loaders,
        predictions=options.predictions,
        reading=reading_of(options),
    )
    of = provenance(key, data=options.data, command=options.command)
    print_report(options, measured, [_line(measured), *used_lines(measured.used)], of=of)


def _check_predictions(options: argparse.Namespace) -> None:
    """Refuse a file that can't be written, before anything is measured."""
    if options.predictions is not None:
        from seviz.measuring.predictions import ENDINGS
        from seviz.measuring.table_files import check_table

        check_table(options.predictions, ENDINGS)


def _run_arms(options: argparse.Namespace) -> None:
    key = network(options)
    check_images(options)
    from seviz.answers.provenance import arm_edits, provenance
    from seviz.gates.grammar import parse_arms
    from seviz.measuring.arm_accuracy import measure_arms

    arms = parse_arms(options.arms)
    found = measure_arms(
        key,
        options.data,
        arms,
        photographs=options.photographs,
        profile=statistics(options),
        loaders=options.loaders,
        predictions=options.predictions,
        reading=reading_of(options),
    )
    of = provenance(key, data=options.data, edits=arm_edits(arms), command=options.command)
    print_report(options, found, [*_arm_lines(found), *used_lines(found.used)], of=of)


def _line(measured: "Evaluation") -> str:
    return (
        f"top-1 {_with_interval(measured.top1, measured.top1_interval)}, "
        f"top-5 {_with_interval(measured.top5, measured.top5_interval)} "
        f"of {measured.images} images; "
        f"{measured.parameters:,} parameters; {measured.macs / 1e6:,.0f} M multiply-adds per "
        f"image; {measured.images_per_second:.0f} images per second; "
        f"temperature {measured.temperature:.3f}"
    )


def _arm_lines(found: "ArmAccuracies") -> Iterator[str]:
    first, *others = found.arms
    yield f"{found.images} images; {first.arm}: {_accuracies(first)}"
    for arm in others:
        yield (
            f"{arm.arm}: {_accuracies(arm)}; top-1 {100 * arm.difference:+.1f} points (standard "
            f"error {100 * arm.standard_error:.1f}) from {first.arm}; the same answer as "
            f"{first.arm} for {arm.agreement:.1%} of the images; most frequent answer: "
            f"{arm.most_frequent}, for {arm.most_frequent_share:.1%}"
        )


def _accuracies(arm: "ArmAccuracy") -> str:
    top1 = _with_interval(arm.top1, arm.top1_interval)
    return f"top-1 {top1}, top-5 {_with_interval(arm.top5, arm.top5_interval)}"


def _with_interval(share: float, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * end:.2f}" for end in interval)
    return f"{share:.2%} [{low}, {high}]"
