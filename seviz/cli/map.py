"""`seviz map`: the images of a data set as points, by the gates of a block."""

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.cli.options import add_json, add_network, add_statistics, behind, network, path
from seviz.cli.output import print_report
from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.records.image_map import ImageMap, Selections

HELP = "Lay images out as points by the gates of a block, and say how much class is in them."
MORE = """\
The images are the sample that `profile` keeps beside the statistics. FILE.csv has a line for each
image; FILE.html is the map, to be opened in a browser. --compare finds the gates that differ most
between the images of two classes.
"""
GATES = 10  # that differ most


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a block, the method, a network and its statistics, and the file to write."""
    command.add_argument("--block", required=True, metavar="BLOCK", help="a block, such as SE_4_6")
    add_network(command)
    add_statistics(command, "over images")
    command.add_argument(
        "--method",
        choices=["pca", "umap"],
        default="pca",
        help="umap needs the package umap-learn; default: pca",
    )
    command.add_argument(
        "--classes", nargs="+", default=[], metavar="CLASS", help="up to six to colour in FILE.html"
    )
    command.add_argument(
        "--compare", nargs=2, metavar="CLASS", help="two classes whose gates are compared"
    )
    command.add_argument("--out", type=path, metavar="FILE", help="file to write, .csv or .html")
    add_json(command)


def run(options: argparse.Namespace) -> None:
    """Print how much class is in the gates, and which gates differ; write the map."""
    if options.out and options.out.suffix.lower() not in (".csv", ".html"):
        raise UserError(f"{options.out} is neither CSV nor HTML; end its name in .csv or .html.")
    key = network(options)
    from seviz.answers.image_map import (
        compare_selections,
        images_of_class,
        known_images,
        map_report,
    )
    from seviz.answers.provenance import provenance
    from seviz.records.image_map import MapReport
    from seviz.zoo.catalogue import find

    given, names = behind(options), find(key).class_names
    shown = map_report(key, options.block, method=options.method, **given)
    _, images = known_images(key, **given)
    places = {text: images_of_class(images, text, names) for text in options.classes}
    labels = [shown.points[of[0]].label for of in places.values() if of]
    compared = None
    if options.compare:
        a, b = (images_of_class(images, text, names) for text in options.compare)
        compared = compare_selections(images, shown.site, a=a, b=b)
    if options.out:
        _write(options.out, shown, labels)
    lines = _lines(shown, compared, options.compare)
    of = provenance(key, command=options.command)
    print_report(options, MapReport(shown, compared), lines, of=of)


def _lines(
    shown: "ImageMap", compared: "Selections | None", names: list[str] | None
) -> Iterator[str]:
    from seviz.phrases import minus
    from seviz.words.image_map import axes_words, depth_words, headline, selections_words
    from seviz.words.numbers import percent

    yield headline(shown)
    yield axes_words(shown)
    yield depth_words(shown)
    known = [(of.site, of.accuracy) for of in shown.neighbours if of.accuracy is not None]
    if known:
        yield f"\n{'block':12}  the nearest images name the class"
    for site, accuracy in known:
        yield f"{site:12}  {percent(accuracy)}"
    if compared is None or names is None:
        return
    yield f"\n{selections_words(compared, *names)}"
    yield f"\n{'gate':16}  {'mean in A':>9}  {'mean in B':>9}  deviations"
    for gate in compared.gates[:GATES]:
        apart = "" if gate.deviations is None else minus(f"{gate.deviations:+10.2f}")
        name = f"{compared.site}[{gate.channel}]"
        yield f"{name:16}  {gate.a:9.3f}  {gate.b:9.3f}  {apart}"


def _write(file: Path, shown: "ImageMap", labels: list[str]) -> None:
    """Write the map as CSV, or as a page with its own plotly.js."""
    from seviz.files import write_whole

    if file.suffix.lower() == ".csv":
        write_whole(file, _csv(shown).encode())
        return
    from seviz.figures.image_map import points_map

    figure = points_map(shown, labels)
    page = figure.to_html(include_plotlyjs=True, div_id="map")
    write_whole(file, page.encode())


def _csv(shown: "ImageMap") -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["image", "class", "x", "y"])
    for point in shown.points:
        writer.writerow([point.image, point.label, point.x, point.y])
    return text.getvalue()
