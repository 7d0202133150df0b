"""`seviz exemplars`: the classes and the images that a gate opens and shuts for."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seviz.cli.options import (
    add_data,
    add_json,
    add_network,
    add_statistics,
    behind,
    check_data,
    network,
    path,
    print_note,
)
from seviz.cli.output import print_report
from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.photos.dataset import LabelledImages
    from seviz.records.one_gate import ClassGate, NamedGate, OneGate

HELP = "List the classes and images with the largest, smallest and median gate of a channel."
MORE = """\
The answer is over the images of the network's statistics: those that ship with it, or those of
--profile FILE, which `profile` writes with the file of images beside it. --data and --out write
the images themselves, as PNG, with a contact sheet of all.
"""
SHEET = "sheet.png"


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a gate, a network and its statistics, and where the images are and go."""
    command.add_argument("--gate", required=True, metavar="GATE", help="a gate, such as SE_4_6[17]")
    add_network(command)
    add_statistics(command, "over images")
    command.add_argument(
        "--top", type=int, default=8, metavar="N", help="number of classes and images; default: 8"
    )
    add_data(command, "the images that the statistics are over", required=False)
    command.add_argument(
        "--split", default="train", choices=["train", "val"], help="of --data; default: train"
    )
    command.add_argument("--out", type=path, metavar="DIR", help="folder to write the images into")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print classes and images, and write the images where --data and --out are given."""
    if options.top < 1:
        raise UserError(f"--top is {options.top}; give a number of classes, 1 or more.")
    if (options.data is None) != (options.out is None):
        raise UserError("--data says where the images are and --out where to; give both.")
    key = network(options)
    from seviz.answers.gate import gate_report
    from seviz.answers.provenance import provenance

    report = gate_report(key, options.gate, **behind(options))
    of = provenance(key, command=options.command, data=options.data)
    if options.data is not None:
        check_data(options, options.split)
        _write(report, options)
    print_report(options, report, _lines(report, options.top), of=of)


def _lines(report: "OneGate", top: int) -> Iterator[str]:
    from seviz.words.one_gate import correlation_words, facts, headline

    yield headline(report)
    yield facts(report)
    if claim := correlation_words(report):
        yield claim
    yield from _class_lines("opens for", report.opens_for(top))
    yield from _class_lines("shuts for", report.shuts_for(top))
    for name, images in _kinds(report, top):
        yield from _image_lines(name, images)
    if report.missing:
        yield ""
    yield from report.missing


def _class_lines(title: str, classes: "Sequence[ClassGate]") -> Iterator[str]:
    if not classes:
        return
    yield f"\n{title:28}  {'s':>7}  {'deviation':>9}  {'images':>7}"
    for of in classes:
        yield f"{of.label:28}  {of.s:7.3f}  {of.std:9.3f}  {of.images:7,}"


def _image_lines(title: str, images: "Sequence[NamedGate]") -> Iterator[str]:
    if not images:
        return
    yield f"\n{title + ' gate':28}  {'s':>7}  image"
    for of in images:
        yield f"{of.label:28}  {of.s:7.3f}  {of.image}"


def _kinds(report: "OneGate", top: int) -> "list[tuple[str, tuple[NamedGate, ...]]]":
    kinds = {"largest": report.largest, "median": report.middle, "smallest": report.smallest}
    return [(name, images[:top]) for name, images in kinds.items()]


def _write(report: "OneGate", options: argparse.Namespace) -> None:
    """Write the images themselves, and a sheet of them; UserError where the data set has none."""
    from seviz.files import atomic_write, make_folder
    from seviz.photos.contact_sheet import contact_sheet
    from seviz.photos.dataset import LabelledImages

    images, out = LabelledImages(options.data, options.split), options.out
    places, kinds = _places(images), _kinds(report, options.top)
    wanted = [of.image for _, found in kinds for of in found]
    if not wanted:
        raise UserError(report.missing[-1])
    if lost := next((name for name in wanted if name not in places), None):
        raise UserError(
            f"{options.data} has no image {lost}: the statistics are over {report.data}; give that "
            "data set and its --split."
        )
    make_folder(out)
    groups = []
    for name, found in kinds:
        groups.append([images.picture(places[of.image])[0] for of in found])
        for rank, photo in enumerate(groups[-1], 1):
            with atomic_write(out / f"{name}-{rank:02}.png") as file:
                photo.convert("RGB").save(file, "PNG")
    with atomic_write(out / SHEET) as file:
        contact_sheet(groups).save(file, "PNG")
    print_note(f"{out / SHEET} shows the images: the largest, the median and the smallest gates.")


def _places(images: "LabelledImages") -> dict[str, int]:
    """Return where images are by their names; statistics of older files call them by number."""
    return {str(i): i for i in range(len(images))} | {images.name(i): i for i in range(len(images))}
