"""The report of the tasks on a machine with a GPU, written after each task."""

import json
import shutil
import time
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from seviz.files import write_whole
from seviz.gpu.plan import MEASURED, PAIR, PROFILE, Setting
from seviz.gpu.tasks import Outcome, Task
from seviz.measuring.hardware import hardware
from seviz.photos.dataset import cores

FIGURES = "figures.json"


class Report:
    """Stores outcomes by task, with those of earlier calls, and copies all results to `out`.

    began: when the command began, by time.monotonic.
    """

    def __init__(self, setting: Setting, out: Path, began: float) -> None:
        """Load the outcomes of earlier calls from the setting's work folder."""
        self._setting, self._out, self._began = setting, out, began
        self._file = setting.work / FIGURES
        self._tasks: dict[str, Any] = {}
        if self._file.exists():
            self._tasks = json.loads(self._file.read_text("utf-8"))["tasks"]
        self._about = {"hardware": hardware(), "torch": torch.__version__, "cores": cores()}
        self.complete = True  # until a task is not done

    def add(self, task: Task, outcome: Outcome) -> None:
        """Print how a task ended, and write everything so far."""
        self.complete &= outcome.status == "done"
        self._tasks[task.name] = asdict(outcome) | {"on": self._about, "date": _now()}
        print(f"{time.monotonic() - self._began:5.0f} s  {task.name}: {_line(outcome)}", flush=True)
        recipe = asdict(self._setting.recipe)
        report = {"date": _now(), **self._about, "recipe": recipe, "tasks": self._tasks}
        write_whole(self._file, f"{json.dumps(report, indent=1, ensure_ascii=False)}\n".encode())
        shutil.copyfile(self._file, self._out / FIGURES)
        self._publish()

    def _publish(self) -> None:
        """Copy the existing weights, statistics and figures."""
        assets = self._setting.assets
        for name in PAIR:
            if (assets / f"{name}.safetensors").exists():
                for file in (f"{name}.safetensors", f"{name}.json"):
                    shutil.copyfile(assets / file, self._out / file)
        for name in (PROFILE, MEASURED):
            if (assets / name).exists():
                shutil.copyfile(assets / name, self._out / name)


def _line(outcome: Outcome) -> str:
    """Return a line about a task's end, with its accuracy or numbers of tests, if any."""
    line = f"{outcome.status} {outcome.why}".strip() + f", {outcome.seconds:.0f} s"
    result = outcome.result if isinstance(outcome.result, dict) else {}
    if "top1" in result:
        line += f", top-1 {result['top1']:.2%}"
    if "failures" in result:
        line += f", {result['tests']} tests, {result['failures'] + result['errors']} not passed"
    return line


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
