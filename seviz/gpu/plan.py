"""What is run on a machine with a GPU: its tests, the bench, the pair's training, the measuring.

The pair is trained and measured in a copy of the code beside `assets` of its own, so the commands
take the new weights for the embedded ones, and the images' classes for theirs.
"""

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from seviz.errors import UserError
from seviz.gpu.tasks import Task
from seviz.nets.embedded import ARCHITECTURE, ASSETS, TWIN_ARCHITECTURE
from seviz.photos.dataset import LabelledImages
from seviz.training.recipe import Recipe

PARTS = ("tests", "bench", "train", "measure")
PAIR = (ARCHITECTURE, TWIN_ARCHITECTURE)
PROFILE = f"{ARCHITECTURE}.profile.safetensors"
MEASURED = f"{ARCHITECTURE}.figures.json"
TESTS = "tests/cuda"
START_SECONDS = 40.0  # beyond its own minutes, a training run imports torch and writes its weights


@dataclass(frozen=True)
class Setting:
    """Where and for how long parts run.

    root: the working tree; work: a folder beside it that outlives a call; data: as of
    `LabelledImages`; minutes of each part; recipe: of both networks, whose own minutes don't count;
    together: both are trained at once; rehearse: the CUDA tests' own rehearsal on the CPU.
    """

    root: Path
    work: Path
    data: Path
    recipe: Recipe
    minutes: float
    test_minutes: float
    bench_minutes: float
    measure_minutes: float
    loaders: int | None = None
    together: bool = False
    rehearse: bool = False

    @property
    def assets(self) -> Path:
        """Return the folder that the new weights are written into."""
        return self.work / "assets"


def prepare(setting: Setting) -> None:
    """Copy the code, and what it reads of assets except the pair's weights; keep new weights.

    The classes there become those of the images. UserError where there are no images, or no code.
    """
    if not (setting.root / "seviz").is_dir():
        raise UserError(f"There is no code in {setting.root}; go into a checkout of seviz.")
    called = dict(row.split("\t") for row in _rows(ASSETS / "classes.tsv"))
    classes = LabelledImages(setting.data, "val").classes
    code = setting.work / "seviz"
    shutil.copytree(setting.root / "seviz", code, dirs_exist_ok=True, ignore=_compiled)
    setting.assets.mkdir(exist_ok=True)
    for file in ASSETS.iterdir():
        copied = setting.assets / file.name
        told = file.suffix in (".tsv", ".json", ".md") and file.name != MEASURED
        if told and not copied.exists():
            shutil.copyfile(file, copied)
    named = (f"{wnid}\t{called.get(wnid, wnid)}\n" for wnid in classes)
    (setting.assets / "classes.tsv").write_text("".join(named), "utf-8")


_compiled = shutil.ignore_patterns("__pycache__")


def _rows(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def stages(setting: Setting, parts: Sequence[str]) -> Iterator[list[Task]]:
    """Yield the tasks of the parts, those at once that don't disturb each other."""
    if "tests" in parts:
        yield [_tests(setting)]
    if "bench" in parts:
        command = _seviz("bench", "--json")
        yield [Task("bench", command, setting.root, 60 * setting.bench_minutes, answers=True)]
    if "train" in parts:
        runs = [_training(setting, architecture) for architecture in PAIR]
        yield from [runs] if setting.together else ([run] for run in runs)
    if "measure" in parts:
        until = time.monotonic() + 60 * setting.measure_minutes
        first = 40 * setting.measure_minutes  # two thirds: the statistics take the longest
        yield [_remaking(setting, first, "profile"), _remaking(setting, first, "evaluate")]
        yield [_remaking(setting, until - time.monotonic(), "arms", "pointing")]


def _seviz(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "seviz", *arguments)


def _tests(setting: Setting) -> Task:
    report = setting.work / "tests.xml"
    report.unlink(missing_ok=True)
    how = "--rehearse" if setting.rehearse else "--require-gpu"
    asked = (TESTS, how, "-v", "--durations=5", f"--junitxml={report}")
    return Task(
        "tests",
        (sys.executable, "-m", "pytest", *asked),
        setting.root,
        60 * setting.test_minutes,
        needs=(setting.root / TESTS,),
        made=lambda: read_junit(report),
    )


def read_junit(path: Path) -> dict[str, Any]:
    """Sum up a JUnit file: how many tests there were, and the first line of why each failed."""
    suite = next(ElementTree.parse(path).iter("testsuite"))
    failed = {
        f"{case.get('classname')}::{case.get('name')}": (found.get("message") or "").split("\n")[0]
        for case in suite.iter("testcase")
        for found in case
        if found.tag in ("failure", "error")
    }
    counts = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
    return counts | {"failed": failed}


def _training(setting: Setting, architecture: str) -> Task:
    minutes = setting.minutes if setting.together else setting.minutes / 2
    recipe = Recipe(**asdict(setting.recipe) | {"model": architecture, "minutes": minutes})
    command = _seviz("train", *train_options(recipe), *_reading(setting))
    into = ("--run", str(setting.work / "runs" / architecture), "--out", str(setting.assets))
    return Task(
        f"train-{architecture}",
        (*command, *into),
        setting.work,
        60 * minutes + START_SECONDS,
        made=lambda: read_run(setting.assets / f"{architecture}.json"),
    )


def read_run(path: Path) -> dict[str, Any]:
    """Return the figures that a training run ended with, and how many epochs it had."""
    facts = json.loads(path.read_text("utf-8"))
    told = {"epochs": len(facts["history"]), "minutes": facts["minutes"]}
    return {**facts["history"][-1], **told}


def train_options(recipe: Recipe) -> list[str]:
    """Spell a recipe as options of `train`."""
    usual, options = Recipe(), []
    for field in fields(recipe):
        value, flag = getattr(recipe, field.name), "--" + field.name.replace("_", "-")
        if value != getattr(usual, field.name):
            options += [flag] if value is True else [f"{flag}={value}"]
    return options


def _reading(setting: Setting) -> tuple[str, ...]:
    loaders = () if setting.loaders is None else ("--loaders", str(setting.loaders))
    return ("--data", str(setting.data), *loaders)


def _remaking(setting: Setting, seconds: float, *parts: str) -> Task:
    """Make parts of what follows from the weights, as `remake` does; they tell which they are of.

    So with the weights in assets/, `make shipped` makes no more than the rest.
    """
    networks = PAIR if "evaluate" in parts else PAIR[:1]
    return Task(
        "-".join(("measure", *parts)),
        _seviz("remake", *_reading(setting), "--only", *parts),
        setting.work,
        seconds,
        needs=tuple(setting.assets / f"{name}.safetensors" for name in networks),
        made=lambda: read_measured(setting.assets / MEASURED, parts),
    )


def read_measured(path: Path, parts: Sequence[str]) -> dict[str, Any]:
    """Return what `remake` has measured of some parts."""
    entries = json.loads(path.read_text("utf-8"))
    return {part: entries[part] for part in parts if part in entries}
