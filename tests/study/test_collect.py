import json
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.nets.results import read
from seviz.study.collect import collect
from seviz.study.plan import Plan, smoke_plan
from seviz.training.recipe import Recipe


def test_a_study_that_is_not_finished_is_not_collected(tmp_path: Path):
    with pytest.raises(UserError, match="lab_vgg-0 is not finished"):
        collect(smoke_plan(("w", "x")), tmp_path, tmp_path)


def keep_run(plan: Plan, trial: Recipe, folder: Path, top1: float) -> None:
    """Write what a finished run leaves, with made figures and weights."""
    figures = {"top1": top1, "top5": 0.9, "loss": 1.0, "temperature": 1 + trial.seed}
    facts = plan.facts(trial) | figures | {"seconds": 1800.0, "torch": "2", "date": "2026-01-01"}
    facts |= {"train_images": 8, "val_images": 4}
    (folder / f"{trial.model}-{trial.seed}.json").write_text(json.dumps(facts))
    (folder / f"{trial.model}-{trial.seed}.safetensors").write_text(f"{trial.model} {trial.seed}")


def test_the_best_seed_ships_and_figures_are_those_of_all_seeds(tmp_path: Path):
    plan = smoke_plan(("w", "x"), seeds=3)
    tops = {"lab_vgg": (0.5, 0.75, 0.25), "lab_resnet_se": (0.5, 0.25, 0.5)}
    for trial in plan.trials():
        keep_run(plan, trial, tmp_path, tops.get(trial.model, (0.5, 0.5, 0.5))[trial.seed])
    collect(plan, tmp_path, tmp_path / "out")
    found = read(tmp_path / "out" / "study.json")
    assert found.classes == ("w", "x")
    vgg, resnet = found.variants["lab_vgg"], found.variants["lab_resnet_se"]
    assert (vgg.top1, vgg.shipped_seed, vgg.temperature) == ((0.5, 0.75, 0.25), 1, 2)
    assert resnet.shipped_seed == 0  # the first of equals
    for variant, seed in ((vgg, 1), (resnet, 0)):
        file = tmp_path / "out" / "lab" / f"{variant.key}.safetensors"
        assert file.read_text() == f"{variant.key} {seed}"
    told = json.loads((tmp_path / "out" / "study.json").read_text())
    assert told["variants"]["lab_vgg"]["mean"] == 0.5
    assert told["variants"]["lab_vgg"]["spread"] == pytest.approx(0.25)
    assert told["about"]["hours"] == pytest.approx(0.5 * len(plan.trials()))
    assert (told["about"]["seeds"], told["about"]["train_images"]) == (3, 8)
    assert not {"model", "seed"} & set(told["about"]["recipe"])
    assert told["about"]["recipe"]["batch"] == 8
