"""The tasks on a machine with a GPU: tests, bench, training of the pair, and measuring.

The pair is trained and measured in a copy of the code with its own `assets`, so the commands use
the new weights as the embedded ones, and the classes of the given images.
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
START_SECONDS = 40.0  # for a training run's imports and writing, which its minutes don't include


@dataclass(frozen=True)
class Setting:
    """The folders and time limits of the parts.

    root: the working tree; work: a folder that outlives a call; data: as in `LabelledImages`;
    recipe: of both networks, except its minutes; minutes: to train both; the other minutes: the
    limit of each part; together: train both at once; rehearse: run the CUDA tests on the CPU.
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
    """Copy the code and the assets that it reads, except weights, into the work folder.

    Its classes.tsv lists the classes of the images; weights trained there stay. UserError where
    there are no images, or no code.
    """
    if not (setting.root / "seviz").is_dir():
        raise UserError(f"There is no code in {setting.root}; go into a checkout of seviz.")
    names = dict(row.split("\t") for row in _rows(ASSETS / "classes.tsv"))
    classes = LabelledImages(setting.data, "val").classes
    code = setting.work / "seviz"
    shutil.copytree(setting.root / "seviz", code, dirs_exist_ok=True, ignore=_compiled)
    setting.assets.mkdir(exist_ok=True)
    for file in ASSETS.iterdir():
        copied = setting.assets / file.name
        needed = file.suffix in (".tsv", ".json", ".md") and file.name != MEASURED
        if needed and not copied.exists():
            shutil.copyfile(file, copied)
    rows = (f"{wnid}\t{names.get(wnid, wnid)}\n" for wnid in classes)
    (setting.assets / "classes.tsv").write_text("".join(rows), "utf-8")


_compiled = shutil.ignore_patterns("__pycache__")


def _rows(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def stages(setting: Setting, parts: Sequence[str]) -> Iterator[list[Task]]:
    """Yield the tasks of the parts in stages; the tasks of a stage run at the same time."""
    if "tests" in parts:
        yield [_test_task(setting)]
    if "bench" in parts:
        command = _seviz("bench", "--json")
        yield [Task("bench", command, setting.root, 60 * setting.bench_minutes, prints_json=True)]
    if "train" in parts:
        runs = [_training_task(setting, architecture) for architecture in PAIR]
        yield from [runs] if setting.together else ([run] for run in runs)
    if "measure" in parts:
        until = time.monotonic() + 60 * setting.measure_minutes
        first = 40 * setting.measure_minutes  # two thirds: the statistics take the longest
        yield [_remake_task(setting, first, "profile"), _remake_task(setting, first, "evaluate")]
        yield [_remake_task(setting, until - time.monotonic(), "arms", "pointing")]


def _seviz(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "seviz", *arguments)


def _test_task(setting: Setting) -> Task:
    report = setting.work / "tests.xml"
    report.unlink(missing_ok=True)
    how = "--rehearse" if setting.rehearse else "--require-gpu"
    arguments = (TESTS, how, "-v", "--durations=5", f"--junitxml={report}")
    return Task(
        "tests",
        (sys.executable, "-m", "pytest", *arguments),
        setting.root,
        60 * setting.test_minutes,
        needs=(setting.root / TESTS,),
        read_result=lambda: read_junit(report),
    )


def read_junit(path: Path) -> dict[str, Any]:
    """Read a JUnit file: the numbers of tests, and the first line of each failure by its test."""
    suite = next(ElementTree.parse(path).iter("testsuite"))
    failed = {
        f"{case.get('classname')}::{case.get('name')}": (found.get("message") or "").split("\n")[0]
        for case in suite.iter("testcase")
        for found in case
        if found.tag in ("failure", "error")
    }
    counts = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
    return counts | {"failed": failed}


def _training_task(setting: Setting, architecture: str) -> Task:
    minutes = setting.minutes if setting.together else setting.minutes / 2
    recipe = Recipe(**asdict(setting.recipe) | {"model": architecture, "minutes": minutes})
    command = _seviz("train", *train_options(recipe), *_data_options(setting))
    into = ("--run", str(setting.work / "runs" / architecture), "--out", str(setting.assets))
    return Task(
        f"train-{architecture}",
        (*command, *into),
        setting.work,
        60 * minutes + START_SECONDS,
        read_result=lambda: read_run(setting.assets / f"{architecture}.json"),
    )


def read_run(path: Path) -> dict[str, Any]:
    """Read a training run's final figures, with its epochs and minutes."""
    facts = json.loads(path.read_text("utf-8"))
    length = {"epochs": len(facts["history"]), "minutes": facts["minutes"]}
    return {**facts["history"][-1], **length}


def train_options(recipe: Recipe) -> list[str]:
    """Write a recipe as options of `train`."""
    usual, options = Recipe(), []
    for field in fields(recipe):
        value, flag = getattr(recipe, field.name), "--" + field.name.replace("_", "-")
        if value != getattr(usual, field.name):
            options += [flag] if value is True else [f"{flag}={value}"]
    return options


def _data_options(setting: Setting) -> tuple[str, ...]:
    loaders = () if setting.loaders is None else ("--loaders", str(setting.loaders))
    return ("--data", str(setting.data), *loaders)


def _remake_task(setting: Setting, seconds: float, *parts: str) -> Task:
    """Return the task that makes some parts of `remake` for the new weights.

    Parts name the digest of their weights. So once these files are in assets/, `make shipped`
    makes only the other parts.
    """
    networks = PAIR if "evaluate" in parts else PAIR[:1]
    return Task(
        "-".join(("measure", *parts)),
        _seviz("remake", *_data_options(setting), "--only", *parts),
        setting.work,
        seconds,
        needs=tuple(setting.assets / f"{name}.safetensors" for name in networks),
        read_result=lambda: read_measured(setting.assets / MEASURED, parts),
    )


def read_measured(path: Path, parts: Sequence[str]) -> dict[str, Any]:
    """Read the entries of some parts that `remake` has measured."""
    entries = json.loads(path.read_text("utf-8"))
    return {part: entries[part] for part in parts if part in entries}
