"""The study: a resumable list of runs, each variant from each seed, under one recipe.

Each finished run is a small file of its own in the study's folder, written whole or not at all, so
a study that is killed at any moment goes on where it was: finished runs stay, the ones it was at
begin anew. Runs are listed seed by seed, so a study that ends early has seen all variants alike.
"""

import datetime
import difflib
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from seviz.data import LabelledImages
from seviz.errors import UserError
from seviz.lab.run import Recipe
from seviz.lab.subset import decode, keep, kept
from seviz.lab.trial import Images, attempt
from seviz.lab.variants import VARIANTS

POLL_SECONDS = 0.5
CLASSES = (  # twenty everyday classes that look unlike one another, by WordNet id
    *("n01443537", "n01910747", "n02056570", "n02099601"),  # goldfish to golden retriever
    *("n02123045", "n02129165", "n02165456", "n02279972"),  # tabby cat to monarch butterfly
    *("n02504458", "n02814860", "n04146614", "n04285008"),  # African elephant to sports car
    *("n04366367", "n04398044", "n04507155", "n07734744"),  # suspension bridge to mushroom
    *("n07747607", "n07753592", "n07873807", "n09246464"),  # orange to cliff
)


@dataclass(frozen=True)
class Plan:
    """A study: its recipe (for every variant, from every seed), variants, classes and images."""

    recipe: Recipe
    seeds: int = 3
    variants: tuple[str, ...] = tuple(VARIANTS)
    classes: tuple[str, ...] = CLASSES
    train_each: int | None = None  # images a class, None for all
    val_each: int | None = None

    def trials(self) -> list[Recipe]:
        """List the runs: all variants from seed 0, then all from seed 1, and so on."""
        return [
            replace(self.recipe, model=key, seed=seed)
            for seed in range(self.seeds)
            for key in self.variants
        ]

    def facts(self, trial: Recipe) -> dict[str, Any]:
        """Say what a run's figures depend on; its file must say the same."""
        images = {"train_each": self.train_each, "val_each": self.val_each}
        return {"recipe": asdict(trial), "classes": list(self.classes), **images}


FULL = Plan(Recipe("", epochs=6, batch=64, peak_lr=0.15, decay=3, crop=1.0, settle=1000))


def smoke(classes: tuple[str, ...], seeds: int = 1) -> Plan:
    """Return a tiny study of the same variants: two steps of eight images each."""
    recipe = Recipe("", epochs=1, batch=8, peak_lr=0.01, crop=1.0, small=32, large=32, settle=8)
    return Plan(recipe, seeds, classes=classes[:4], train_each=4, val_each=2)


@dataclass(frozen=True)
class Progress:
    """News of a study: runs that are done, of how many; the last one, and the seconds left."""

    done: int
    total: int
    last: str = ""
    top1: float | None = None
    seconds_left: float | None = None


def study(plan: Plan, data: Path, folder: Path, workers: int | None = None) -> Iterator[Progress]:
    """Do the plan's runs that are not done yet, as many at once as there are cores.

    folder: the study's, for its runs and decoded images. Yields after each run. UserError where the
    folder holds runs of another plan, or a run fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trials = plan.trials()
    left = [trial for trial in trials if not finished(plan, trial, folder)]
    total = len(trials)
    yield Progress(total - len(left), total)
    if not left:
        return
    _decode_once(plan, data, folder)
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    turn = context.Value("i", 0)
    crew = [
        context.Process(target=_work, args=(plan, left, folder, turn), daemon=True)
        for _ in range(min(workers or os.cpu_count() or 1, len(left)))
    ]
    for worker in crew:
        worker.start()
    try:
        yield from _follow(plan, left, folder, crew, total)
    finally:
        for worker in crew:
            worker.terminate()
            worker.join()


def _follow(
    plan: Plan, left: list[Recipe], folder: Path, crew: list[SpawnProcess], total: int
) -> Iterator[Progress]:
    """Watch the runs' files appear."""
    start, waiting = time.monotonic(), list(left)
    while waiting:
        busy = any(worker.is_alive() for worker in crew)
        for trial in [t for t in waiting if finished(plan, t, folder)]:
            waiting.remove(trial)
            done = len(left) - len(waiting)
            seconds = (time.monotonic() - start) / done * len(waiting)
            top1 = result(folder, trial)["top1"]
            yield Progress(total - len(waiting), total, _name(trial), top1, seconds)
        if waiting and not busy:
            raise UserError(
                f"{len(waiting)} runs could not be finished, such as {_name(waiting[0])}; what "
                "went wrong is said above. Start the study again to go on."
            )
        time.sleep(POLL_SECONDS if waiting else 0)


def _work(plan: Plan, left: list[Recipe], folder: Path, turn: "Synchronized[int]") -> None:
    """Do runs in a process of its own, one after the other, until none is left."""
    torch.set_num_threads(1)
    images = _images(plan, folder)
    while True:
        with turn:
            index, turn.value = turn.value, turn.value + 1
        if index >= len(left):
            return
        _stop_without_parent()
        _run(plan, left[index], folder, images)


def _stop_without_parent() -> None:
    """End this process if the study was killed: nobody waits for it."""
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)


def _run(plan: Plan, trial: Recipe, folder: Path, images: Images) -> None:
    """Do one run and write its files: first the weights, then what says that it is finished."""
    start = time.monotonic()
    outcome = attempt(trial, images, _stop_without_parent)
    weights = {
        k: (v.half() if v.is_floating_point() and v.ndim > 1 else v).contiguous()
        for k, v in outcome.model.state_dict().items()
    }
    fresh = weights_file(folder, trial).with_suffix(f".{os.getpid()}")
    save_file(weights, fresh, {"format": "pt"})
    fresh.replace(weights_file(folder, trial))
    figures = {key: getattr(outcome, key) for key in ("loss", "top1", "top5", "temperature")}
    facts = plan.facts(trial) | figures
    facts |= {"seconds": round(time.monotonic() - start, 1), "threads": torch.get_num_threads()}
    facts |= {"train_images": len(images.train), "val_images": len(images.val)}
    facts |= {"date": datetime.date.today().isoformat(), "torch": torch.__version__}
    fresh = _file(folder, trial).with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    fresh.replace(_file(folder, trial))


def finished(plan: Plan, trial: Recipe, folder: Path) -> bool:
    """Tell whether a run is done; UserError where its file is of another plan."""
    if not _file(folder, trial).exists():
        return False
    found = result(folder, trial)
    if any(found.get(key) != value for key, value in plan.facts(trial).items()):
        raise UserError(
            f"{_file(folder, trial)} is a run of another study; repeat its options, or name "
            "another --run."
        )
    return True


def result(folder: Path, trial: Recipe) -> dict[str, Any]:
    """Read a finished run's facts."""
    path = _file(folder, trial)
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} can't be read; delete it to do the run again.") from error
    return facts


def weights_file(folder: Path, trial: Recipe) -> Path:
    """Return where a run's weights are: safetensors, rounded to float16 but for norms."""
    return folder / f"{_name(trial)}.safetensors"


def _file(folder: Path, trial: Recipe) -> Path:
    return folder / f"{_name(trial)}.json"


def _name(trial: Recipe) -> str:
    return f"{trial.model}-{trial.seed}"


def planned(data: Path, seeds: int | None, only: Sequence[str], tiny: bool) -> Plan:
    """Return the study that a command asks for; the tiny one takes whatever classes data has."""
    if seeds is not None and seeds < 1:
        raise UserError(f"--seeds is {seeds}; it counts runs of each variant, so 1 or more.")
    if odd := sorted(set(only) - set(VARIANTS)):
        near = difflib.get_close_matches(odd[0], VARIANTS, 3, cutoff=0.4) or list(VARIANTS)
        raise UserError(f"There is no variant “{odd[0]}”; did you mean {' or '.join(near)}?")
    plan = smoke(LabelledImages(data, "train").classes) if tiny else FULL
    return replace(plan, seeds=seeds or plan.seeds, variants=tuple(only) or plan.variants)


def show(news: Iterator[Progress]) -> None:
    """Print a study's progress, a line a run."""
    for at in news:
        line = f"{at.done} of {at.total} runs"
        if at.last:
            line += f", {at.last}: {at.top1:.1%}; {(at.seconds_left or 0) / 60:.0f} min left"
        print(line, flush=True)


def _decode_once(plan: Plan, data: Path, folder: Path) -> None:
    for split, each in (("train", plan.train_each), ("val", plan.val_each)):
        path = _decoded(plan, folder, split)
        if not path.exists():
            keep(path, decode(data, split, plan.classes, each))


def _images(plan: Plan, folder: Path) -> Images:
    train, val = (kept(_decoded(plan, folder, split)) for split in ("train", "val"))
    return Images(train, val, plan.classes)


def _decoded(plan: Plan, folder: Path, split: str) -> Path:
    """Return the file of a split's images, of these classes and so many of each."""
    what = json.dumps([plan.classes, plan.train_each, plan.val_each])
    return folder / f"images-{split}-{hashlib.sha256(what.encode()).hexdigest()[:8]}.safetensors"
