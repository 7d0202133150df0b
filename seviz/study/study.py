"""The study: a resumable list of runs, every variant from every seed, under one recipe.

Each finished run has a file in the study's folder. So a study can be killed at any moment and
started again: finished runs stay, unfinished ones start over. Runs are ordered seed by seed, so an
incomplete study has about the same number of runs of each variant.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import torch

from seviz.errors import UserError
from seviz.files import make_folder
from seviz.photos.dataset import cores
from seviz.study.plan import Plan
from seviz.study.run_store import (
    decode_once,
    is_finished,
    read_images,
    read_result,
    run_name,
    run_trial,
)
from seviz.training.recipe import Recipe

POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Progress:
    """A study's progress: runs done and in all, the last run with its top-1, and seconds left."""

    done: int
    total: int
    last: str = ""
    top1: float | None = None
    seconds_left: float | None = None


def study(
    plan: Plan, data: Path, folder: Path, *, workers: int | None = None
) -> Iterator[Progress]:
    """Do the plan's unfinished runs, `workers` at once, by default one per core.

    folder: the study's, for its runs and decoded images. Yields after each run. UserError where the
    folder holds runs of another plan, or a run fails.
    """
    make_folder(folder)
    trials = plan.trials()
    left = [trial for trial in trials if not is_finished(plan, trial, folder)]
    total = len(trials)
    yield Progress(total - len(left), total)
    if not left:
        return
    decode_once(plan, data, folder)
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    next_index = context.Value("i", 0)
    kwargs = {"next_index": next_index}
    processes = [
        context.Process(target=_work, args=(plan, left, folder), kwargs=kwargs, daemon=True)
        for _ in range(min(workers or cores(), len(left)))
    ]
    with _deaf_to_interrupts():  # which the processes inherit: this one ends them
        for process in processes:
            process.start()
    try:
        yield from _follow(plan, left, folder, processes=processes, total=total)
    finally:
        for process in processes:
            process.terminate()
            process.join()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C during the block."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _follow(
    plan: Plan, left: list[Recipe], folder: Path, *, processes: list[SpawnProcess], total: int
) -> Iterator[Progress]:
    """Yield the progress as the runs' files appear."""
    start, waiting = time.monotonic(), list(left)
    while waiting:
        busy = any(process.is_alive() for process in processes)
        for trial in [t for t in waiting if is_finished(plan, t, folder)]:
            waiting.remove(trial)
            done = len(left) - len(waiting)
            seconds = (time.monotonic() - start) / done * len(waiting)
            top1 = read_result(folder, trial)["top1"]
            yield Progress(total - len(waiting), total, run_name(trial), top1, seconds)
        if waiting and not busy:
            raise UserError(
                f"{len(waiting)} runs failed, such as {run_name(waiting[0])}; see the errors "
                "above. Start the study again to continue."
            )
        time.sleep(POLL_SECONDS if waiting else 0)


def _work(plan: Plan, left: list[Recipe], folder: Path, *, next_index: "Synchronized[int]") -> None:
    """Do runs one after the other, in a process of its own, until none is left."""
    torch.set_num_threads(1)
    images = read_images(plan, folder)
    while True:
        with next_index:
            index, next_index.value = next_index.value, next_index.value + 1
        if index >= len(left):
            return
        _stop_without_parent()
        run_trial(plan, left[index], folder, images=images, step=_stop_without_parent)


def _stop_without_parent() -> None:
    """End this process if its parent, the study, was killed."""
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
