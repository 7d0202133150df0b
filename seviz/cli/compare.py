"""`seviz compare`: where the gates of two photographs differ."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seviz.cli.options import add_json, add_network, add_photos, add_statistics, network, statistics
from seviz.cli.output import GATES_ALONE, print_report
from seviz.cli.photographs import listed_photographs, refusal
from seviz.errors import UserError
from seviz.words.numbers import percent, signed

if TYPE_CHECKING:
    from seviz.answers.photo_pair import PhotoPairReport
    from seviz.photos.several import Photograph

HELP = "Find the blocks and channels where the gates of two photographs differ."
MORE = """\
PHOTO is a picture's file, or a folder or zip of pictures: two photographs in all, such as two files
or a folder that holds two.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add two photographs, a network, and statistics to compare with."""
    add_photos(command)
    add_network(command)
    add_statistics(command, "to compare with")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print both answers, the distance of the gates at each block, and the channels."""
    key = network(options)
    photos = _two_photographs(options)
    from seviz.answers.photo_pair import photo_pair_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    first, second = (photo.read() for photo in photos)
    report = photo_pair_report(key, first, second, profile=statistics(options))
    of = provenance(report.model, map(file_of, (first, second)), command=options.command)
    print_report(options, report, _lines(report, [photo.name for photo in photos]), of=of)


def _two_photographs(options: argparse.Namespace) -> "list[Photograph]":
    """Return the two photographs; UserError where there are fewer or more, or one can't be read."""
    found = listed_photographs(options, once=False)
    if found.refused:
        raise refusal(found.refused)
    if (count := len(found.photographs)) != 2:
        given = "one is" if count == 1 else f"{count:,} are"
        raise UserError(
            f"compare takes two photographs, and {given} given; name two files, or a folder or zip "
            "that holds two."
        )
    return found.photographs


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
