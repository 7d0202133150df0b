"""`seviz evaluate`: how often a network is right, as it is or in several arms."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from seviz.cli.options import (
    add_arms,
    add_data,
    add_json,
    add_loaders,
    add_network,
    add_statistics,
    check_data,
    network,
    statistics,
)
from seviz.cli.output import print_report
from seviz.photos.used import used_lines

if TYPE_CHECKING:
    from seviz.measuring.arm_accuracy import ArmAccuracies
    from seviz.measuring.evaluate import Evaluation

HELP = "Measure a network's accuracy, cost and speed on labelled images."
MORE = """\
The folders are called by WordNet ids or names of the network's classes, or of some of them,
whatever is inside. Hidden and system files are passed over; other files that are not read are
counted, with the reason.

--photographs enlarges each image to 500 pixels, encodes it as a JPEG and reads that as the page
reads uploads. --arms measures all arms in one pass: each arm's accuracy, the difference from the
first arm's with its standard error, and how often both give the same answer. --model twin
measures the embedded network's twin without SE; published networks without SE, such as
resnet50.a1_in1k, are the twins of those with SE. `seviz trace --help` explains how to write arms.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, labelled images, and arms."""
    add_network(command)
    add_data(command, "labelled images: the folder val, or all where there is none")
    command.add_argument(
        "--photographs",
        action="store_true",
        help="first make each image a larger JPEG, as if it were uploaded",
    )
    add_arms(command, "measure the accuracy in each of these arms, such as intact static")
    add_statistics(command, "for static arms")
    add_loaders(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the accuracy, cost and speed; with arms, the accuracy in each arm."""
    if options.arms:
        _run_arms(options)
        return
    key = network(options)
    check_data(options)
    from seviz.answers.provenance import provenance
    from seviz.measuring.evaluate import evaluate

    measured = evaluate(key, options.data, options.photographs, loaders=options.loaders)
    of = provenance(key, data=options.data, command=options.command)
    print_report(options, measured, [_line(measured), *used_lines(measured.used)], of=of)


def _run_arms(options: argparse.Namespace) -> None:
    key = network(options)
    check_data(options)
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
    )
    of = provenance(key, data=options.data, edits=arm_edits(arms), command=options.command)
    print_report(options, found, [*_arm_lines(found), *used_lines(found.used)], of=of)


def _line(measured: "Evaluation") -> str:
    return (
        f"top-1 {measured.top1:.2%}, top-5 {measured.top5:.2%} of {measured.images} images; "
        f"{measured.parameters:,} parameters; {measured.macs / 1e6:,.0f} M multiply-adds per "
        f"image; {measured.images_per_second:.0f} images per second; "
        f"temperature {measured.temperature:.3f}"
    )


def _arm_lines(found: "ArmAccuracies") -> Iterator[str]:
    first, *others = found.arms
    yield f"{found.images} images; {first.arm}: top-1 {first.top1:.2%}, top-5 {first.top5:.2%}"
    for arm in others:
        yield (
            f"{arm.arm}: top-1 {arm.top1:.2%} ({100 * arm.difference:+.1f} points, standard error "
            f"{100 * arm.standard_error:.1f}), top-5 {arm.top5:.2%}; the same answer as "
            f"{first.arm} for {arm.agreement:.1%} of the images; most frequent answer: "
            f"{arm.most_frequent}, for {arm.most_frequent_share:.1%}"
        )
