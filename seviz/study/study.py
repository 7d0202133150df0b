"""The study: a resumable list of runs, each variant from each seed, under one recipe.

Each finished run is a small file of its own in the study's folder, written whole or not at all, so
a study that is killed at any moment goes on where it was: finished runs stay, the ones it was at
begin anew. Runs are listed seed by seed, so a study that ends early has seen all variants alike.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import torch

from seviz.errors import UserError
from seviz.photos.dataset import cores
from seviz.study.plan import Plan
from seviz.study.run_store import carry_out, decode_once, finished, images_of, name, result
from seviz.training.recipe import Recipe

POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Progress:
    """News of a study: runs that are done, of how many; the last one, and the seconds left."""

    done: int
    total: int
    last: str = ""
    top1: float | None = None
    seconds_left: float | None = None


def study(
    plan: Plan, data: Path, folder: Path, *, workers: int | None = None
) -> Iterator[Progress]:
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
    decode_once(plan, data, folder)
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    turn = context.Value("i", 0)
    crew = [
        context.Process(target=_work, args=(plan, left, folder), kwargs={"turn": turn}, daemon=True)
        for _ in range(min(workers or cores(), len(left)))
    ]
    for worker in crew:
        worker.start()
    try:
        yield from _follow(plan, left, folder, crew=crew, total=total)
    finally:
        for worker in crew:
            worker.terminate()
            worker.join()


def _follow(
    plan: Plan, left: list[Recipe], folder: Path, *, crew: list[SpawnProcess], total: int
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
            yield Progress(total - len(waiting), total, name(trial), top1, seconds)
        if waiting and not busy:
            raise UserError(
                f"{len(waiting)} runs failed, such as {name(waiting[0])}; see the errors above. "
                "Start the study again to continue."
            )
        time.sleep(POLL_SECONDS if waiting else 0)


def _work(plan: Plan, left: list[Recipe], folder: Path, *, turn: "Synchronized[int]") -> None:
    """Do runs in a process of its own, one after the other, until none is left."""
    torch.set_num_threads(1)
    images = images_of(plan, folder)
    while True:
        with turn:
            index, turn.value = turn.value, turn.value + 1
        if index >= len(left):
            return
        _stop_without_parent()
        carry_out(plan, left[index], folder, images=images, step=_stop_without_parent)


def _stop_without_parent() -> None:
    """End this process if the study was killed: nobody waits for it."""
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)


def show(news: Iterator[Progress]) -> None:
    """Print a study's progress, a line a run."""
    for at in news:
        line = f"{at.done} of {at.total} runs"
        if at.last:
            line += f", {at.last}: {at.top1:.1%}; {(at.seconds_left or 0) / 60:.0f} min left"
        print(line, flush=True)
