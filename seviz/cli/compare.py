"""`seviz compare`: two photographs' gates, what a change of one does, or two networks."""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.cli.changing import ABOUT_CHANGE, add_change, asked_changing
from seviz.cli.network_pair import add_pair, check_no_pair, check_pair, run_pair
from seviz.cli.options import (
    add_arms,
    add_json,
    add_network,
    add_photos,
    add_statistics,
    network,
    path,
    statistics,
)
from seviz.cli.output import GATES_ALONE, print_report
from seviz.cli.photographs import listed_photographs, refusal
from seviz.errors import UserError
from seviz.words.numbers import percent, signed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from seviz.analysis.photo_pair import ChannelDifference
    from seviz.answers.changes import ChangeReport
    from seviz.answers.photo_pair import PhotoPairReport
    from seviz.photos.several import Photograph
    from seviz.records.drift import Changing

HELP = "Compare two photographs' gates, a photograph with itself changed, or two networks."
MORE = """\
PHOTO is a picture's file, or a folder or zip of pictures: two photographs in all, such as two files
or a folder that holds two. With --change it is one photograph, which is compared with itself as
changed; `--change list` lists the changes with their strengths. The change is made at the size that
the network takes its crop from, so a strength means the same for photographs of all sizes.
With --networks A B, two networks answer one photograph: networks of the catalogue, those without SE
too (`seviz compare --networks embedded twin PHOTO`), or weights: FILE@ARCH, where FILE is as of
--checkpoint (a .safetensors file, an index of shards, or their folder). --data FOLDER also
compares their gates over many photographs, with PHOTO or without.
"""
LIST = "list"  # of --change


def add_options(command: argparse.ArgumentParser) -> None:
    """Add two photographs, or one and its change, a network, and statistics to compare with."""
    add_photos(command, required=False)
    add_network(command)
    add_statistics(command, "to compare with")
    change = command.add_argument_group("one photograph, changed")
    add_change(change)
    change.add_argument(
        "--out",
        type=path,
        metavar="DIR",
        help="folder to write the changed photograph into, as PNG",
    )
    add_arms(command, "with --change: arms; default: intact, static and the twin, where there are")
    add_pair(command)
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print the answers, the distance of the gates at each block, and the channels."""
    if options.networks is not None:
        check_pair(options)
        _check_no_change(options)
        run_pair(options, _photographs(options, 1, "--networks") if options.photos else [])
        return
    check_no_pair(options)
    if options.change is None:
        _check_no_change(options)
        _compare_two(options)
    elif options.change == LIST:
        for line in _changes():
            print(line)
    else:
        _compare_changed(options)


def _check_no_change(options: argparse.Namespace) -> None:
    about = {**ABOUT_CHANGE, "--out": "out", "--arms": "arms"}
    if alone := [o for o, name in about.items() if getattr(options, name) not in (None, [])]:
        raise UserError(f"{alone[0]} is about --change CHANGE; give both, or two photographs.")


def _compare_two(options: argparse.Namespace) -> None:
    if not options.photos:
        raise UserError("compare takes two photographs, or one with --change; name files.")
    key = network(options)
    photos = _photographs(options, 2)
    from seviz.answers.photo_pair import photo_pair_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    first, second = (photo.read() for photo in photos)
    report = photo_pair_report(key, first, second, profile=statistics(options))
    of = provenance(report.model, map(file_of, (first, second)), command=options.command)
    print_report(options, report, _lines(report, [photo.name for photo in photos]), of=of)


def _compare_changed(options: argparse.Namespace) -> None:
    """Report on one photograph and a change of it; write the changed photograph where asked."""
    changing = asked_changing(options)
    assert changing is not None
    if not options.photos:
        raise UserError("compare --change takes one photograph; name its file.")
    if options.out is not None:
        from seviz.files import check_folder

        check_folder(options.out)
    from seviz.gates.grammar import parse_arms

    arms = parse_arms(options.arms) if options.arms else []
    key = network(options)
    (photo,) = _photographs(options, 1)
    from seviz.answers.changes import change_report
    from seviz.answers.provenance import provenance
    from seviz.photos.file import file_of

    picture = photo.read()
    written = None if options.out is None else _file_for(options.out, photo, changing)
    report = change_report(
        key,
        picture,
        changing,
        arms=arms,
        profile=statistics(options),
        save=None if written is None else partial(_write, written),
    )
    of = provenance(report.model, [file_of(picture)], command=options.command)
    lines = list(_change_lines(report))
    if written is not None:
        lines.append(f"\n{written}")
    print_report(options, report, lines, of=of)


def _photographs(
    options: argparse.Namespace, wanted: int, option: str = "--change"
) -> "list[Photograph]":
    """Return so many photographs; UserError where there are fewer or more, or one can't be read."""
    found = listed_photographs(options, once=False)
    if found.refused:
        raise refusal(found.refused)
    if (count := len(found.photographs)) != wanted:
        given = "one is" if count == 1 else f"{count:,} are"
        takes = (
            f"compare takes two photographs, and {given} given; name two files, or a folder or zip "
            "that holds two, or one with --change."
            if wanted == 2
            else f"compare {option} takes one photograph, and {given} given; name one file."
        )
        raise UserError(takes)
    return found.photographs


def _changes() -> Iterator[str]:
    """List the changes, with what their strengths mean."""
    from seviz.photos.changes import CHANGES

    for change in CHANGES:
        meaning = f"{change.strength}, " if change.strength else ""
        ends = f"{change.neutral:g} (as it is) to {change.strongest:g}"
        yield f"{change.name:10}{change.title}: {meaning}{ends}; default: {change.default:g}"


def _file_for(folder: Path, photo: "Photograph", changing: "Changing") -> Path:
    """Return the file of a changed photograph in a folder."""
    name = f"{photo.path_for_output.stem}-{changing.change}-{changing.strengths[0]:g}.png"
    return folder / name


def _write(file: Path, pixels: "npt.NDArray[np.uint8]") -> None:
    """Write a changed photograph, H×W×3 bytes, as PNG."""
    import io

    from PIL import Image

    from seviz.files import make_folder, write_whole

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    make_folder(file.parent)
    write_whole(file, buffer.getvalue())


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
    yield from _channel_lines(report.channels, ("first", "second"))


def _change_lines(report: "ChangeReport") -> Iterator[str]:
    """Write the report on a change as text."""
    from seviz.words.target import chance_noun

    yield report.headline
    yield report.lesson
    if report.held:
        yield report.held
    arms = [drift.arm for drift in report.drift]
    places = "  (share of pairs of reference images that are nearer)" if report.reference else ""
    yield f"\ncosine distance of each arm's gates from those without the change{places}"
    yield f"{'block':12}" + "".join(f"  {arm[:18]:>18}" for arm in arms)
    for of_block in zip(*(drift.blocks for drift in report.drift), strict=True):
        cells = "".join(f"  {_distance_cell(b.cosine, b.cosine_place)}" for b in of_block)
        yield f"{of_block[0].site:12}{cells}{'  constant' if of_block[0].constant else ''}"
    yield from _channel_lines(report.channels, ("without", "with"))
    if report.target is None:
        yield f"\n{GATES_ALONE}"
        return
    columns = [answer.arm for answer in report.along[0].answers]
    yield f"\n{chance_noun(report.target)}, by {report.meaning or 'strength'}"
    yield f"{'strength':>8}" + "".join(f"  {arm[:18]:>18}" for arm in columns)
    for at in report.along:
        cells = "".join(f"  {percent(answer.followed.probability):>18}" for answer in at.answers)
        yield f"{at.strength:8g}{cells}"


def _channel_lines(
    channels: "Sequence[ChannelDifference]", heads: tuple[str, str]
) -> Iterator[str]:
    yield f"\n{'block':12}  {'channel':>7}  {heads[0] + ' s':>9}  {heads[1] + ' s':>8}"
    for c in channels:
        far = "" if c.deviations is None else f"  {c.deviations:.1f} standard deviations apart"
        yield f"{c.site:12}  {c.channel:7}  {c.first:9.3f}  {c.second:8.3f}{far}"


def _distance_cell(value: float, place: float | None) -> str:
    return f"{signed(value):>10} {'' if place is None else percent(place / 100):>7}"
