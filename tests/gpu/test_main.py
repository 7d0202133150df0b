import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_gpu import SE

from seviz.errors import UserError
from seviz.gpu import __main__ as gpu
from seviz.gpu.__main__ import RECIPE, main, recipe_of
from seviz.gpu.plan import Setting
from seviz.gpu.tasks import Task


def test_options_of_train_stand_in_place_of_the_recipe_s():
    assert recipe_of([]) == RECIPE
    changed = recipe_of(["--peak-lr", "0.5", "--no-head-norm", "--seed", "3", "--mix", "0"])
    assert changed == replace(RECIPE, peak_lr=0.5, head_norm=False, seed=3, mix=0.0)
    with pytest.raises(UserError, match="--turn is 2"):
        recipe_of(["--turn", "2"])
    with pytest.raises(SystemExit):
        recipe_of(["--turns", "2"])


def test_a_part_that_fails_or_takes_too_long_takes_no_other_down(
    data: Path, tmp_path: Path, monkeypatch, capsys
):
    out, work = tmp_path / "out", tmp_path / "work"

    def fakes(setting: Setting, parts: list[str]):
        assert parts == ["train", "measure"]
        yield [Task("fails", ("false",), setting.work, 60.0)]
        yield [Task("slow", ("sleep", "600"), setting.work, 5.0)]
        yield [Task("trains", ("touch", f"{setting.assets}/{SE}.safetensors"), setting.work, 60.0)]
        yield [Task("tells", ("echo", '{"top1": 0.25}'), setting.work, 60.0, prints_json=True)]

    monkeypatch.setattr(gpu, "stages", fakes)
    given = ("--data", str(data), "--out", str(out), "--work", str(work), "--batch", "8")
    assert main([*given, "--parts", "train", "measure", "--total", "60"]) == 1
    figures = json.loads((out / "figures.json").read_text())
    found = {name: task["status"] for name, task in figures["tasks"].items()}
    assert found == {"fails": "failed", "slow": "timed out", "trains": "done", "tells": "done"}
    assert figures["recipe"]["batch"] == 8
    assert {path.name for path in out.iterdir()} == {
        "figures.json",
        "log.txt",
        f"{SE}.json",
        f"{SE}.safetensors",
    }
    assert "tells: done, 0 s, top-1 25.00%" in capsys.readouterr().out


def test_training_without_images_gets_one_sentence(tmp_path: Path, capsys):
    given = ["--parts", "train", "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    assert main(given) == 2
    assert "--data DIR" in capsys.readouterr().err
