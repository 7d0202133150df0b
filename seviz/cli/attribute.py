"""`seviz attribute`: explain answers by attributions and by the gates' shares."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.cli.explaining import add_explaining, steps
from seviz.cli.options import (
    add_arms,
    add_folder,
    add_network,
    add_photos,
    add_statistics,
    network,
    print_note,
    statistics,
)
from seviz.cli.output import answer_line
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import MORE_FOLDERS, listed_photographs, write_each
from seviz.files import check_folder
from seviz.words.numbers import duration, percent

if TYPE_CHECKING:
    from seviz.answers.attribution import AttributionReport, MethodReport
    from seviz.answers.gate_shares import GateSharesReport
    from seviz.photos.several import Photograph
    from seviz.records.trust import Likeness, MapTrust

HELP = "Write attribution maps of answers (heat maps by captum), with gates and without."
MORE = (
    """\
All methods are captum's. All arms are explained together, for one class, with the same noise,
baselines and path positions, so arms differ by their gates alone. twin, the network trained
without SE, is explained in the same way, at the same block. Guided backprop, deconvolution,
guided Grad-CAM and DeepLift need a network with ReLUs. `seviz trace --help` explains how to
write arms.

DIR/<stem>/attributions.npz holds the signed maps, METHOD/ARM of 3×H×W (1×H×W where a method
looks at a layer), and with --shares the gates' shares of the difference between the first two
arms with gates, gates/SE_2_1 and so on. attributions.json has completeness errors, how like each
map is to the first arm's, and crop_box, the part of the photograph that the network saw; with
--trust also deletion and insertion curves, infidelity and sensitivity of each map, with controls
beside them. A PNG shows each map over the photograph. --trust and --shares take much longer than
the maps; an estimate is printed before they start.

"""
    + PHOTOGRAPHS
    + MORE_FOLDERS
)
LARGEST = 5  # number of gates to print


def add_options(command: argparse.ArgumentParser) -> None:
    """Add photographs, a network, methods, arms, a class, and the folder to write into."""
    add_photos(command)
    add_network(command)
    add_explaining(command)
    add_arms(
        command,
        "arms to explain; default: intact, and static or, without statistics, identity",
    )
    command.add_argument(
        "--target",
        default="",
        metavar="TARGET",
        help="what to explain: a class by name, number or WordNet id; two of them, 'A vs B', for "
        "the lead of A over B (logit of A − logit of B); a gate, such as 'SE_4_6[17]'; or `other`, "
        "the second arm's answer; default: the first arm's answer",
    )
    add_statistics(command, "for static arms")
    add_folder(command)


def run(options: argparse.Namespace) -> None:
    """Write the maps of each photograph; print their sums, their likeness, and what was asked."""
    count = steps(options)
    check_folder(options.out)
    from seviz.answers.attribution import attribution_report
    from seviz.answers.checks import check_attribution, check_methods
    from seviz.answers.export import write_explanation
    from seviz.gates.grammar import parse_arms
    from seviz.watch import Bar

    check_methods(options.method)
    if options.arms:
        parse_arms(options.arms)
    photos = listed_photographs(options)
    key = network(options)
    asked: dict[str, Any] = {
        "methods": options.method,
        "arms": options.arms,
        "target": options.target,
        "layer": options.layer,
        "profile": statistics(options),
    }
    check_attribution(key, **asked, shares=options.shares)
    asked |= {"steps": count, "trust": options.trust, "shares": options.shares}
    if options.trust or options.shares:
        print_note(_estimate(key, options, len(photos.photographs)))

    def write(photo: "Photograph", folder: Path) -> str:
        name = photo.path_for_output.name
        with Bar(name) as bar:
            found = attribution_report(key, photo.read(), **asked, watch=bar)
        write_explanation(found, name, folder, command=options.command)
        return "\n".join(_lines(found.report, options.shares))

    write_each(options, photos, write)


def _estimate(key: str, options: argparse.Namespace, photographs: int) -> str:
    """Say how long all photographs will take, before the first is begun."""
    from seviz.answers.checks import attribution_rows, check_methods
    from seviz.passes.dispatch import expected_seconds

    rows = attribution_rows(
        check_methods(options.method),
        len(options.arms) or 2,
        steps=options.steps,
        trust=options.trust,
        shares=options.shares,
    )
    return f"This takes {duration(expected_seconds(key, rows * photographs))}."


def _lines(report: "AttributionReport", shares: bool) -> Iterator[str]:
    yield answer_line(report.target)
    for method in report.methods:
        yield from _method_lines(method)
    if any(method.trust for method in report.methods):
        from seviz.words.trust import TABLE_LEGEND

        yield from TABLE_LEGEND
    if report.gates:
        from seviz.words.target import score_noun

        yield from _gate_lines(report.gates, score_noun(report.target))
    elif shares and any(arm.edits == "twin" for arm in report.methods[0].arms):
        yield "Gates: the twin has none, so no difference is shared out over gates"


def _method_lines(method: "MethodReport") -> Iterator[str]:
    layer = f" at {method.layer}" if method.layer else ""
    steps = f", {method.steps} steps" if method.steps else ""
    yield f"{method.title}{layer}{steps} {method.note}".rstrip()
    for arm in method.arms:
        if arm.total is not None and arm.score is not None and arm.error is not None:
            yield (
                f"  {arm.arm}: the map sums to {arm.total:+.3f} and should sum to "
                f"{arm.score:+.3f}: {percent(arm.error)} off"
            )
    first, *others = method.arms
    for arm in others:
        yield f"  {arm.arm}: {_likeness_words(arm.likeness, first.arm)}"
    for measured in method.trust:
        yield f"  {_trust_line(measured, first.arm)}"


def _likeness_words(likeness: "Likeness", first: str) -> str:
    ssim = "" if likeness.ssim is None else f", SSIM {likeness.ssim:.3f}"
    return (
        f"with {first}'s map, Spearman {likeness.spearman:.3f}{ssim}, "
        f"overlap of the strongest tenth {percent(likeness.overlap)}"
    )


def _trust_line(measured: "MapTrust", first: str) -> str:
    areas = ", ".join(f"{c.task} ({c.baseline}) {c.area:.3f}" for c in measured.curves)
    others = (("infidelity", measured.infidelity), ("sensitivity", measured.sensitivity))
    known = "".join(f", {name} {value:.3f}" for name, value in others if value is not None)
    if not measured.control:
        return f"{measured.name}: {areas}{known}"
    return f"{measured.name} (control): {areas}; {_likeness_words(measured.likeness, first)}"


def _gate_lines(gates: "GateSharesReport", score: str) -> Iterator[str]:
    yield (
        f"Gates: between {gates.first} and {gates.second}, {score} differs by "
        f"{gates.difference:+.3f}; the gates' shares sum to {gates.total:+.3f}: "
        f"{percent(gates.error)} off"
    )
    largest = (f"{c.site}[{c.channel}] {c.share:+.3f}" for c in gates.top[:LARGEST])
    yield f"  largest shares: {', '.join(largest)}"
