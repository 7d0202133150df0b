"""Everything that needs a GPU, by one command that takes less than ten minutes: `make gpu`.

    python -m seviz.gpu --data DIR             # all parts
    python -m seviz.gpu --parts tests bench    # these parts; they need no images
    python -m seviz.gpu --parts train measure --data DIR --minutes 6 --peak-lr 0.6

Options of `seviz train` override RECIPE's. The results are written to --out as each task ends: the
weights and .json of the embedded network and its twin, the profile, figures.json and log.txt.
assets/gpu.md explains how to use a GPU that is lent by the minute.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from os import environ
from pathlib import Path
from tempfile import gettempdir

from seviz.cli.commands import parser
from seviz.errors import UserError
from seviz.gpu.plan import PARTS, Setting, prepare, stages, train_options
from seviz.gpu.report import Report
from seviz.gpu.tasks import run_stages
from seviz.training.recipe import Recipe, recipe_from

# For a few minutes on one GPU. --minutes ends the training; epochs and decay only set the shape of
# its schedule. Varied colours, rotations and mixed images are left out, as they gained nothing in
# short runs on the CPU (assets/seresnet50_slim.md).
RECIPE = Recipe(
    epochs=20,
    decay=18,
    batch=512,
    peak_lr=0.8,
    small=32,
    large=56,
    crop=0.35,
    close=0.15,
    head_norm=True,
    gate_norms=True,
    bfloat16=True,
)
QUIET = {"TQDM_MININTERVAL": "20", "PYTHONUNBUFFERED": "1"}  # progress bars would fill the log


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="seviz.gpu", description=__doc__.split("\n")[0], allow_abbrev=False
    )
    options.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    options.add_argument(
        "--data", type=Path, metavar="DIR", help="with train*.zip, val.zip, boxes.tsv"
    )
    out = Path(environ.get("OUT") or Path("runs") / "gpu")
    options.add_argument("--out", type=Path, default=out, metavar="DIR", help=f"default: {out}")
    options.add_argument(
        "--work",
        type=Path,
        default=Path(gettempdir()) / "seviz-gpu",
        metavar="DIR",
        help="folder of checkpoints, from which a later call continues; one for each recipe",
    )
    minutes = {
        "--minutes": (4.6, "for training both networks"),
        "--test-minutes": (1.5, "at most, for the tests"),
        "--bench-minutes": (1.0, "at most, for the bench"),
        "--measure-minutes": (2.0, "at most, for measuring the pair"),
        "--total": (9.5, "at most, for all"),
    }
    for name, (value, purpose) in minutes.items():
        options.add_argument(
            name, type=float, default=value, metavar="M", help=f"{purpose}; {value}"
        )
    options.add_argument("--together", action="store_true", help="train both networks at once")
    options.add_argument("--loaders", type=int, metavar="N", help="processes that read images")
    options.add_argument("--rehearse", action="store_true", help="try all parts on the CPU")
    return options


def recipe_of(extra: Sequence[str]) -> Recipe:
    """Return RECIPE with the options of `train` in extra, which override it.

    Unknown options end the program. UserError where nothing can be trained with the values.
    """
    command = ["train", "--data", "-", *train_options(RECIPE), *extra]
    return recipe_from(vars(parser().parse_args(command)))


def run(argv: Sequence[str] | None, started: float) -> bool:
    """Run the parts that argv names; returns whether all of their tasks were done.

    started: when the program started, by time.monotonic. UserError where images are missing.
    """
    options, extra = _parser().parse_known_args(argv)
    setting = Setting(
        root=Path.cwd(),
        work=options.work.resolve(),
        data=options.data.resolve() if options.data else Path(),
        recipe=recipe_of(extra),
        minutes=options.minutes,
        test_minutes=options.test_minutes,
        bench_minutes=options.bench_minutes,
        measure_minutes=options.measure_minutes,
        loaders=options.loaders,
        together=options.together,
        rehearse=options.rehearse,
    )
    setting.work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    if {"train", "measure"} & set(options.parts):
        if options.data is None:
            raise UserError("Give --data DIR, the images to train on and to measure with.")
        prepare(setting)
    environ.update(QUIET)
    report = Report(setting, options.out, started)
    log, deadline = options.out / "log.txt", started + 60 * options.total
    run_stages(stages(setting, options.parts), log, deadline, report=report.add)
    return report.complete


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code.

    0: all tasks done; 1: a task was not; 2: a UserError, printed on standard error.
    """
    started = time.monotonic()
    try:
        return 0 if run(argv, started) else 1
    except UserError as error:
        print(f"seviz: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
