import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders import class_folders
from safetensors.torch import load_file
from torch import nn

from seviz.errors import UserError
from seviz.study import run_store as module
from seviz.study.plan import smoke_plan
from seviz.study.run_store import (
    decode_once,
    is_finished,
    read_images,
    read_result,
    run_name,
    run_trial,
    weights_file,
)
from seviz.study.training_run import Images, Outcome


def test_a_damaged_run_is_named(tmp_path: Path):
    plan = smoke_plan(("w", "x", "y", "z"))
    trial = plan.trials()[0]
    (tmp_path / f"{trial.model}-0.json").write_text("{")
    with pytest.raises(UserError, match=r"lab_vgg-0\.json can't be read; delete it"):
        is_finished(plan, trial, tmp_path)


PLAN = smoke_plan(("w", "x"))
TRIAL = PLAN.trials()[0]


def keep_facts(folder: Path, **changes: object) -> Path:
    """Write the file of a finished run; changes: what it says instead."""
    path = folder / "lab_vgg-0.json"
    path.write_text(json.dumps(PLAN.facts(TRIAL) | {"top1": 0.5} | changes))
    return path


def test_a_run_is_named_by_its_variant_and_seed(tmp_path: Path):
    trial = replace(TRIAL, model="lab_resnet_se", seed=7)
    assert run_name(trial) == "lab_resnet_se-7"
    assert weights_file(tmp_path, trial) == tmp_path / "lab_resnet_se-7.safetensors"


def test_a_run_is_finished_when_its_file_says_what_the_plan_does(tmp_path: Path):
    assert not is_finished(PLAN, TRIAL, tmp_path)
    keep_facts(tmp_path)
    assert is_finished(PLAN, TRIAL, tmp_path)
    assert read_result(tmp_path, TRIAL)["top1"] == 0.5
    assert not is_finished(PLAN, replace(TRIAL, seed=1), tmp_path)


@pytest.mark.parametrize(
    "changes", [{"train_each": 5}, {"classes": ["w", "y"]}, {"recipe": {"batch": 8}}]
)
def test_a_run_of_another_plan_is_refused(tmp_path: Path, changes: dict[str, object]):
    path = keep_facts(tmp_path, **changes)
    with pytest.raises(UserError, match=f"^{path} is a run of another study; give its options"):
        is_finished(PLAN, TRIAL, tmp_path)


@pytest.fixture
def images(tmp_path: Path) -> Images:
    class_folders(tmp_path / "data", "wx", train=4, val=2)
    decode_once(PLAN, tmp_path / "data", tmp_path)
    return read_images(PLAN, tmp_path)


def test_images_are_decoded_once_and_by_what_is_asked_for(tmp_path: Path, images: Images):
    assert (len(images.train), len(images.val), images.classes) == (8, 4, ("w", "x"))
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("images-*")}
    assert len(kept) == 2
    decode_once(PLAN, tmp_path / "data", tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("images-*")} == kept
    decode_once(replace(PLAN, train_each=3), tmp_path / "data", tmp_path)
    assert len(list(tmp_path.glob("images-*"))) == 4
    assert len(read_images(replace(PLAN, train_each=3), tmp_path).train) == 6


def test_images_that_are_held_out_are_said(tmp_path: Path, capsys):
    class_folders(tmp_path, "wx", train=4, val=2)
    decode_once(PLAN, tmp_path / "train", tmp_path)
    said = capsys.readouterr().out
    assert "every tenth image of a class is held out to measure with; “train” has 6 images." in said
    assert "“val” has 2 images." in said


def test_a_run_writes_its_weights_its_figures_and_nothing_else(
    tmp_path: Path, images: Images, monkeypatch
):
    model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
    found = Outcome(model, 1.5, 0.25, 0.75, 2.0)
    monkeypatch.setattr(module, "train_and_measure", lambda *asked: found)
    folder = tmp_path / "runs"
    folder.mkdir()
    run_trial(PLAN, TRIAL, folder, images=images, step=lambda: None)
    assert sorted(path.name for path in folder.iterdir()) == [
        "lab_vgg-0.json",
        "lab_vgg-0.safetensors",
    ]
    facts = read_result(folder, TRIAL)
    assert {key: facts[key] for key in ("loss", "top1", "top5", "temperature")} == {
        "loss": 1.5,
        "top1": 0.25,
        "top5": 0.75,
        "temperature": 2.0,
    }
    assert (facts["train_images"], facts["val_images"]) == (8, 4)
    assert is_finished(PLAN, TRIAL, folder)
    weights = load_file(weights_file(folder, TRIAL))
    types = {run_name: value.dtype for run_name, value in weights.items()}
    assert types["0.weight"] == torch.float16
    assert types["0.bias"] == types["1.running_var"] == torch.float32
    assert types["1.num_batches_tracked"] == torch.int64
