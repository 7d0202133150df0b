"""`seviz compare`: where the gates of two photographs differ."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seviz.cli.options import add_json, add_network, add_photos, add_statistics, network, statistics
from seviz.cli.output import GATES_ALONE, print_report
from seviz.words.numbers import percent, signed

if TYPE_CHECKING:
    from seviz.answers.photo_pair import PhotoPairReport

HELP = "Find the blocks and channels where the gates of two photographs differ."


def add_options(command: argparse.ArgumentParser) -> None:
    """Add two photographs, a network, and statistics to compare with."""
    add_photos(command, 2)
    add_network(command)
    add_statistics(command, "to compare with")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print both answers, the distance of the gates at each block, and the channels."""
    key = network(options)
    from seviz.answers.photo_pair import photo_pair_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of, read_file

    first, second = map(read_file, options.photos)
    report = photo_pair_report(key, first, second, profile=statistics(options))
    of = provenance(report.model, map(file_of, (first, second)), command=options.command)
    lines = _lines(report, [str(photo) for photo in options.photos])
    print_report(options, report, lines, of=of)


def _lines(report: "PhotoPairReport", names: Sequence[str]) -> Iterator[str]:
    """Write the report as text; names: the two photographs'."""
    for name, answers in zip(names, (report.first, report.second), strict=True):
        said = ", ".join(f"{a.label} ({percent(a.probability)})" for a in answers)
        yield f"{name}: {said or GATES_ALONE}"
    yield report.headline
    if report.headline_of_difference != report.headline:
        yield report.headline_of_difference
    places = "  (share of pairs of reference images that are nearer)" if report.reference else ""
    yield f"\n{'block':12}  {'cosine distance':>18}  {'mean |Δs|':>18}{places}"
    for b in report.blocks:
        cosine = _distance_cell(b.cosine, b.cosine_place)
        difference = _distance_cell(b.difference, b.difference_place)
        yield f"{b.site:12}  {cosine}  {difference}{'  constant' if b.constant else ''}"
    yield f"\n{'block':12}  {'channel':>7}  {'first s':>8}  {'second s':>8}"
    for c in report.channels:
        far = "" if c.deviations is None else f"  {c.deviations:.1f} standard deviations apart"
        yield f"{c.site:12}  {c.channel:7}  {c.first:8.3f}  {c.second:8.3f}{far}"


def _distance_cell(value: float, place: float | None) -> str:
    return f"{signed(value):>10} {'' if place is None else percent(place / 100):>7}"
