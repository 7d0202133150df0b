from dataclasses import asdict, replace
from pathlib import Path

import pytest
from folders import class_folders

from seviz.errors import UserError
from seviz.nets.variants import VARIANTS
from seviz.study.plan import FULL, make_plan, smoke_plan

ROOT = Path(__file__).parents[2]


def test_runs_are_listed_seed_by_seed():
    trials = FULL.trials()
    assert len(trials) == 3 * len(VARIANTS)
    assert [trial.seed for trial in trials] == sorted(trial.seed for trial in trials)
    assert {trial.model for trial in trials[: len(VARIANTS)]} == set(VARIANTS)
    assert len({replace(trial, model="", seed=0) for trial in trials}) == 1  # one recipe


def test_the_whole_study_is_of_classes_that_have_names():
    plan = make_plan(Path(), seeds=None, only=[], tiny=False)
    named = [row.split("\t")[0] for row in (ROOT / "assets/classes.tsv").read_text().splitlines()]
    assert plan == FULL
    assert len(set(plan.classes)) == 20
    assert set(plan.classes) <= set(named)


def test_a_command_may_ask_for_fewer_seeds_and_variants():
    plan = make_plan(Path(), seeds=2, only=["lab_vgg", "lab_resnet_r2"], tiny=False)
    assert plan == replace(FULL, seeds=2, variants=("lab_vgg", "lab_resnet_r2"))
    runs = [(trial.model, trial.seed) for trial in plan.trials()]
    assert runs == [(key, seed) for seed in (0, 1) for key in ("lab_vgg", "lab_resnet_r2")]
    for trial in plan.trials():
        assert replace(trial, model="", seed=0) == FULL.recipe


def test_a_tiny_study_takes_the_first_four_classes_that_there_are(tmp_path: Path):
    class_folders(tmp_path, "vwxyz", train=1, val=1)
    plan = make_plan(tmp_path, seeds=None, only=[], tiny=True)
    assert plan == smoke_plan(tuple("vwxyz"))
    assert (plan.classes, plan.seeds) == (("v", "w", "x", "y"), 1)
    assert (plan.train_each, plan.val_each, plan.recipe.batch) == (4, 2, 8)
    assert plan.variants == tuple(VARIANTS)
    assert make_plan(tmp_path, seeds=3, only=[], tiny=True).seeds == 3


@pytest.mark.parametrize(
    ("seeds", "only", "sentence"),
    [
        (0, [], "--seeds is 0; give the runs of each variant, 1 or more."),
        (-1, [], "--seeds is -1; give the runs"),
        (1, ["lab_vgg", "lab_resnet_prae"], "no variant “lab_resnet_prae”; did you mean lab_res"),
    ],
)
def test_what_makes_no_study_gets_one_sentence(seeds: int, only: list[str], sentence: str):
    with pytest.raises(UserError, match=sentence):
        make_plan(Path(), seeds=seeds, only=only, tiny=False)


def test_the_facts_of_a_run_are_all_that_its_figures_depend_on():
    plan = smoke_plan(("w", "x"))
    trial = plan.trials()[0]
    facts = plan.facts(trial)
    assert facts["recipe"] == asdict(trial)
    assert {name: value for name, value in facts.items() if name != "recipe"} == {
        "classes": ["w", "x"],
        "train_each": 4,
        "val_each": 2,
    }
