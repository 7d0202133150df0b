"""`seviz remake`: the files that depend on the embedded weights."""

import argparse
from pathlib import Path

from seviz.cli.options import add_data, add_loaders, path

HELP = "For contributors: remake the files that depend on the embedded weights."
MORE = """\
The parts are profile (gate statistics over the training images), pictures (those made for each
gate, in pictures/; about an hour), necessity (what is lost where gates are replaced; about an
hour), dynamic_KEY (the same for all gates of a network at once, and a variant's statistics), ranges
(what int8 would take), evaluate, arms, pointing, opened and answers (measurements, in
seresnet50_slim.figures.json), unknown (what tells photographs of other
classes, in unknown.json), example (the answer that the page opens with, in example.npz; it reads
no images of DIR), and card (the tables of the model card).
Each file names the sha256 of its weights; a part of the present weights is up to date, and stays.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the images, the folder to write into, and the parts to make."""
    images = "folder of train*.zip, val.zip and boxes.tsv; example and card need none"
    add_data(command, images, metavar="DIR", required=False)
    command.add_argument(
        "--out",
        type=path,
        default=Path("assets"),
        metavar="DIR",
        help="folder to write into; default: assets",
    )
    command.add_argument(
        "--only", nargs="+", default=[], metavar="PART", help="make only these parts"
    )
    command.add_argument("--force", action="store_true", help="also make parts that are up to date")
    add_loaders(command)


def run(options: argparse.Namespace) -> None:
    """Make the parts that are not up to date, and print a line about each."""
    from seviz.shipping.part import Setting
    from seviz.shipping.remake import remake

    setting = Setting(options.data, options.out, options.loaders)
    for name, news in remake(setting, options.only, force=options.force):
        print(f"{name}: {news}", flush=True)
