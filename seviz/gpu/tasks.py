"""Commands that run one after the other, or at the same time, each with a time limit.

A command that fails or takes too long is recorded, and the others run all the same.
"""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

GRACE_SECONDS = 10.0  # for an interrupted command to write its results
LEAST_SECONDS = 5.0  # a command with less time left is skipped


@dataclass(frozen=True)
class Task:
    """A command, run in the folder `cwd`.

    seconds: its time limit; needs: files without which it is skipped; prints_json: its result is
    JSON on standard output; read_result: a function that reads its result from files instead.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path
    seconds: float
    needs: tuple[Path, ...] = ()
    prints_json: bool = False
    read_result: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """How a task ended; status: done, failed, timed out or skipped; exit: the exit status."""

    status: str
    why: str = ""
    exit: int | None = None
    seconds: float = 0.0
    result: Any = None


def run_stages(
    stages: Iterable[Sequence[Task]],
    log: Path,
    ends: float,
    *,
    report: Callable[[Task, Outcome], None],
) -> None:
    """Run stages in turn, the tasks of each at the same time.

    stages: read lazily, so a stage can depend on the files of earlier ones; log: the file of all
    output; ends: the deadline of all tasks, by time.monotonic; report: called after each task.
    """
    for stage in stages:
        with ThreadPoolExecutor(max(len(stage), 1)) as pool:
            running = {pool.submit(run_task, task, log, ends): task for task in stage}
            for ended in as_completed(running):
                report(running[ended], ended.result())


def run_task(task: Task, log: Path, ends: float) -> Outcome:
    """Run one task until it ends, or its time is over."""
    if missing := [path for path in task.needs if not path.exists()]:
        return Outcome("skipped", f"{missing[0].name} is missing")
    limit = min(task.seconds, ends - time.monotonic() - GRACE_SECONDS)
    if limit < LEAST_SECONDS:
        return Outcome("skipped", "no time was left")
    with log.open("ab", buffering=0) as printed, TemporaryFile() as answer:
        printed.write(f"\n== {task.name}: {' '.join(task.command)}\n".encode())
        began = time.monotonic()
        code = _run_process(task, limit, answer if task.prints_json else printed, errors=printed)
        seconds = round(time.monotonic() - began, 1)
        answer.seek(0)
        text = answer.read()
        printed.write(text)
    result = _read_result(task, text)
    if code is None:
        return Outcome("timed out", f"after {limit:.0f} s", None, seconds, result)
    if code:
        return Outcome("failed", f"exit status {code}; see the log", code, seconds, result)
    return Outcome("done", "", code, seconds, result)


def _run_process(task: Task, limit: float, out: IO[bytes], *, errors: IO[bytes]) -> int | None:
    """Run a command; returns its exit status, or None where it was stopped at its time limit."""
    try:
        process = subprocess.Popen(task.command, cwd=task.cwd, stdout=out, stderr=errors)
    except OSError as error:
        errors.write(f"{error}\n".encode())
        return 127
    with process:
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            return None


def _read_result(task: Task, text: bytes) -> Any:
    """Return a task's result from its files or output; None where damaged or missing."""
    try:
        if task.read_result:
            return task.read_result()
        return json.loads(text) if text.strip() else None
    except (ValueError, OSError, SyntaxError):  # of JSON, of files, of XML
        return None
