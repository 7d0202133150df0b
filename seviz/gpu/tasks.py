"""Commands that are run one after the other, or at once, each with a limit on its time.

None takes the others down: what fails, or takes too long, is recorded, and the next ones follow.
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

GRACE_SECONDS = 10.0  # for what is interrupted to write what it has
LEAST_SECONDS = 5.0  # no command is begun with less


@dataclass(frozen=True)
class Task:
    """A command, run in the folder `cwd`.

    seconds: the most that it may take; needs: files without which it is not begun; answers: it
    prints JSON on standard output; made: the rest of its answer, read when it has ended.
    """

    name: str
    command: tuple[str, ...]
    cwd: Path
    seconds: float
    needs: tuple[Path, ...] = ()
    answers: bool = False
    made: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """How a task ended: done, failed, timed out or skipped, and why; exit: of its process."""

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
    tell: Callable[[Task, Outcome], None],
) -> None:
    """Run stages in turn, the tasks of each at once; `stages` may look at what earlier ones made.

    log: takes whatever they print; ends: when all have to have ended, by time.monotonic; tell:
    called as each task ends.
    """
    for stage in stages:
        with ThreadPoolExecutor(max(len(stage), 1)) as pool:
            running = {pool.submit(run_task, task, log, ends): task for task in stage}
            for ended in as_completed(running):
                tell(running[ended], ended.result())


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
        code = _finish(task, limit, answer if task.answers else printed, errors=printed)
        seconds = round(time.monotonic() - began, 1)
        answer.seek(0)
        text = answer.read()
        printed.write(text)
    result = _answer(task, text)
    if code is None:
        return Outcome("timed out", f"after {limit:.0f} s", None, seconds, result)
    if code:
        return Outcome("failed", f"exit status {code}; see the log", code, seconds, result)
    return Outcome("done", "", code, seconds, result)


def _finish(task: Task, limit: float, out: IO[bytes], *, errors: IO[bytes]) -> int | None:
    """Return a command's exit status; none where it was interrupted, as its time was over."""
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


def _answer(task: Task, text: bytes) -> Any:
    """Read what a task printed as JSON, or what it made; none where that is damaged or missing."""
    try:
        if task.made:
            return task.made()
        return json.loads(text) if text.strip() else None
    except (ValueError, OSError, SyntaxError):  # of JSON, of files, of XML
        return None
