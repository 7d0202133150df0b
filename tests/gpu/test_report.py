import json
import time
from dataclasses import replace
from pathlib import Path

from made_gpu import SE, put_weights

from seviz.gpu.plan import Setting
from seviz.gpu.report import Report
from seviz.gpu.tasks import Outcome, Task


def test_figures_and_weights_are_out_as_soon_as_they_are_there(setting: Setting, tmp_path: Path):
    out, task = tmp_path / "out", Task("evaluate", (), setting.work, 1.0)
    out.mkdir()
    Report(setting, out, time.monotonic()).add(task, Outcome("done", "", 0, 2.0, {"top1": 0.5}))
    assert [path.name for path in out.iterdir()] == ["figures.json"]
    put_weights(setting, SE)
    later = Report(setting, out, time.monotonic())
    later.add(replace(task, name="tests"), Outcome("failed", "exit status 1", 1))
    assert not later.complete
    figures = json.loads((out / "figures.json").read_text())
    assert figures["tasks"]["evaluate"]["result"] == {"top1": 0.5}
    assert figures["tasks"]["tests"]["status"] == "failed"
    assert figures["recipe"]["batch"] == 512
    assert {path.name for path in out.iterdir()} == {
        "figures.json",
        f"{SE}.json",
        f"{SE}.safetensors",
    }
