"""`seviz study`: train all variants of the laboratory."""

import argparse
from pathlib import Path

from seviz.cli.options import add_data, check_data, path
from seviz.files import check_folder

HELP = "Train the laboratory's variants; a stopped study continues."
MORE = """\
All variants are trained from seed 0, then all from seed 1, and so on, one run per core at a time.
Each run has one thread, so with the same torch on the same kind of processor it gives the same
weights to the last bit. Each finished run is stored, so a stopped study continues.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add labelled images, folders, seeds and variants."""
    add_data(command, "labelled images to train on and to measure with")
    command.add_argument(
        "--run",
        type=path,
        dest="folder",
        metavar="DIR",
        help="folder of finished runs; default: runs/study",
    )
    command.add_argument(
        "--out", type=path, metavar="DIR", help="folder for the results; default: assets"
    )
    command.add_argument("--seeds", type=int, metavar="N", help="runs of each variant; default: 3")
    command.add_argument(
        "--workers", type=int, metavar="N", help="runs at a time; default: one per core"
    )
    command.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="KEY",
        help="train only these variants, and write no results",
    )
    command.add_argument("--smoke", action="store_true", help="run a tiny version of the study")


def run(options: argparse.Namespace) -> None:
    """Do the runs that are not finished, then write and print the results."""
    check_data(options, "train")
    from seviz.nets.results import read
    from seviz.study.collect import collect
    from seviz.study.plan import make_plan
    from seviz.study.study import show, study
    from seviz.words.study import results_lines

    plan = make_plan(options.data, seeds=options.seeds, only=options.only, tiny=options.smoke)
    folder = options.folder or Path("runs") / ("smoke" if options.smoke else "study")
    out = options.out or (folder / "out" if options.smoke else Path("assets"))
    for needed in (folder, out):
        check_folder(needed)
    show(study(plan, options.data, folder, workers=options.workers))
    if not options.only:
        collect(plan, folder, out)
        print("\n".join(results_lines(read(out / "study.json"))))
