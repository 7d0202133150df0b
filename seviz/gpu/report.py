"""What the tasks on a machine with a GPU came to, written as each of them ends."""

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
    """Keeps outcomes by task, those of earlier calls included, and puts what is there into `out`.

    began: when the command began, by time.monotonic.
    """

    def __init__(self, setting: Setting, out: Path, began: float) -> None:
        """Take up what earlier calls have left in the setting's work folder."""
        self._setting, self._out, self._began = setting, out, began
        self._kept = setting.work / FIGURES
        self._tasks: dict[str, Any] = {}
        if self._kept.exists():
            self._tasks = json.loads(self._kept.read_text("utf-8"))["tasks"]
        self._about = {"hardware": hardware(), "torch": torch.__version__, "cores": cores()}
        self.complete = True  # as long as no task was anything but done

    def tell(self, task: Task, outcome: Outcome) -> None:
        """Print how a task ended, and write everything so far."""
        self.complete &= outcome.status == "done"
        self._tasks[task.name] = asdict(outcome) | {"on": self._about, "date": _now()}
        print(f"{time.monotonic() - self._began:5.0f} s  {task.name}: {_line(outcome)}", flush=True)
        recipe = asdict(self._setting.recipe)
        told = {"date": _now(), **self._about, "recipe": recipe, "tasks": self._tasks}
        write_whole(self._kept, f"{json.dumps(told, indent=1, ensure_ascii=False)}\n".encode())
        shutil.copyfile(self._kept, self._out / FIGURES)
        self._publish()

    def _publish(self) -> None:
        """Copy the weights that there are, with what belongs to them."""
        assets = self._setting.assets
        for name in PAIR:
            if (assets / f"{name}.safetensors").exists():
                for file in (f"{name}.safetensors", f"{name}.json"):
                    shutil.copyfile(assets / file, self._out / file)
        for name in (PROFILE, MEASURED):
            if (assets / name).exists():
                shutil.copyfile(assets / name, self._out / name)


def _line(outcome: Outcome) -> str:
    """Say in one line how a task ended, with the share of right answers where it tells one."""
    says = f"{outcome.status} {outcome.why}".strip() + f", {outcome.seconds:.0f} s"
    result = outcome.result if isinstance(outcome.result, dict) else {}
    if "top1" in result:
        says += f", top-1 {result['top1']:.2%}"
    if "failures" in result:
        says += f", {result['tests']} tests, {result['failures'] + result['errors']} not passed"
    return says


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
