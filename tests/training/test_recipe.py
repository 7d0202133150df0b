import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from networks import random_network
from safetensors.torch import load_file
from torch import nn

from seviz.errors import UserError
from seviz.training.recipe import BOUNDS, Recipe, Run, export_run, read_checkpoint, recipe_from


def test_the_learning_rate_warms_up_stays_and_falls_to_nothing():
    recipe = Recipe("x", epochs=8, peak_lr=1.0, warmup=2.0, decay=4)
    assert [recipe.lr(e) for e in (0.0, 1.0, 2.0, 4.0, 6.0, 8.0)] == [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]


def test_a_run_shorter_than_its_decay_falls_from_the_start():
    recipe = Recipe("x", epochs=2, peak_lr=1.0, warmup=0.5, decay=5)
    assert [recipe.lr(e) for e in (0.25, 0.5, 1.0, 1.5)] == [0.5, 0.75, 0.5, 0.25]
    assert recipe.epochs_before_decay == 0
    assert replace(recipe, epochs=8).epochs_before_decay == 3


def test_images_grow_along_the_decay_in_multiples_of_eight():
    recipe = Recipe("x", epochs=8, decay=5, small=32, large=48)
    assert [recipe.side(e) for e in range(8)] == [32, 32, 32, 32, 32, 40, 40, 48]
    assert Recipe("x", epochs=1, decay=3).side(0) == Recipe("x").large


def test_options_that_need_the_images_in_memory_are_named():
    assert Recipe().memory_options == ()
    assert Recipe(mix=0.5, close=0.1, crop=0.2).memory_options == ("close", "mix")


def test_a_recipe_is_made_of_what_is_named_and_else_its_own():
    given = {"seed": 3, "peak_lr": 0.0, "epochs": None, "data": "d", "head_norm": False}
    assert recipe_from(given) == Recipe(seed=3, peak_lr=0.0)


@pytest.mark.parametrize("name", BOUNDS)
def test_both_bounds_of_an_option_can_be_trained_with_and_nothing_beyond(name: str):
    least, most = BOUNDS[name]
    for value in (least, min(most, 10_000)):
        Recipe(**{name: value}).check()
    option = "--" + name.replace("_", "-")
    for value in (least - 1, most + 1, float("nan")):
        if value != float("inf"):
            with pytest.raises(UserError, match=f"^{option} is {value}; give {least}"):
                Recipe(**{name: value}).check()


class Net(nn.Module):
    """A layer and a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 2)
        self.bn = nn.BatchNorm1d(2)


def run(recipe: Recipe, classes: tuple[str, ...] = ("a", "b"), seed: int = 0) -> Run:
    model = random_network(lambda: Net(), seed=seed)
    return Run(recipe, classes, model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9))


RECIPE = Recipe("x", epochs=8, decay=4)


def test_a_checkpoint_brings_all_of_a_run_back(tmp_path: Path):
    recipe = replace(RECIPE, average=0.5)
    saved = run(recipe)
    saved.epoch, saved.step, saved.images, saved.seconds = 2, 3, 40, 5.5
    saved.loss_sum, saved.history = torch.tensor(1.5), [{"loss": 2.0}]
    saved.before = {"minutes": 3}
    saved.model.fc.weight.grad = torch.ones(2, 3)
    saved.optimizer.step()
    saved.average.update_parameters(saved.model)
    saved.save(tmp_path / "last.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]
    back = run(recipe, seed=1)
    back.load(tmp_path / "last.pt", tmp_path / "steady.pt")
    assert (back.epoch, back.step, back.images, back.seconds) == (2, 3, 40, 5.5)
    assert (back.loss_sum, back.history, back.before) == (1.5, [{"loss": 2.0}], {"minutes": 3})
    for ours, theirs in ((back.model, saved.model), (back.average, saved.average)):
        state = theirs.state_dict()
        assert all(torch.equal(value, state[name]) for name, value in ours.state_dict().items())
    (momentum,) = (s["momentum_buffer"] for s in back.optimizer.state_dict()["state"].values())
    assert torch.equal(momentum, torch.ones(2, 3))


@pytest.mark.parametrize(
    ("changes", "epoch", "step", "goes_on"),
    [
        ({}, 7, 0, True),
        ({"epochs": 9}, 4, 0, True),  # both are steady for four epochs or more
        ({"epochs": 9}, 4, 1, False),  # a step into the decay of the shorter
        ({"epochs": 7}, 3, 0, True),
        ({"epochs": 7}, 4, 0, False),
        ({"seed": 1}, 0, 0, False),
    ],
)
def test_a_runs_length_may_change_up_to_the_end_of_its_steady_part(
    tmp_path: Path, changes: dict[str, int], epoch: int, step: int, goes_on: bool
):
    saved = run(RECIPE)
    saved.epoch, saved.step = epoch, step
    saved.save(tmp_path / "last.pt")
    other = run(replace(RECIPE, **changes))
    if goes_on:
        other.load(tmp_path / "last.pt", tmp_path / "nothing.pt")
        assert (other.epoch, other.step) == (epoch, step)
        return
    with pytest.raises(UserError, match="belongs to another recipe or data set"):
        other.load(tmp_path / "last.pt", tmp_path / "nothing.pt")


def test_an_earlier_checkpoint_is_taken_where_the_last_one_is_too_late(tmp_path: Path):
    saved = run(RECIPE)
    for epoch, name in ((4, "steady.pt"), (6, "last.pt")):
        saved.epoch = epoch
        saved.save(tmp_path / name)
    longer = run(replace(RECIPE, epochs=20))
    longer.load(tmp_path / "last.pt", tmp_path / "steady.pt")
    assert longer.epoch == 4
    with pytest.raises(UserError, match=r"last\.pt belongs to another"):
        run(RECIPE, classes=("a", "c")).load(tmp_path / "last.pt", tmp_path / "steady.pt")


def test_what_is_no_checkpoint_is_named(tmp_path: Path):
    torch.save({"recipe": {}, "classes": []}, tmp_path / "part.pt")
    (tmp_path / "words.pt").write_text("nothing")
    (tmp_path / "empty.pt").touch()
    for name in ("part.pt", "words.pt", "empty.pt", "nowhere.pt"):
        with pytest.raises(UserError, match=f"{name} is not a checkpoint of a run; delete it"):
            read_checkpoint(tmp_path / name)


def test_a_run_is_finished_once_it_was_measured():
    made = run(RECIPE)
    assert not made.finished
    made.history = [{"loss": 1.0}]
    assert not made.finished
    made.history = [{"loss": 1.0, "top1": 0.5}]
    assert made.finished


def shipped_from(folder: Path, classes: tuple[str, ...]) -> Run:
    """Save a run of the embedded architecture."""
    recipe = Recipe("seresnet50_slim")
    model = random_network(recipe.model, num_classes=len(classes))
    made = Run(recipe, classes, model, torch.optim.SGD(model.parameters(), lr=0.1))
    made.history, made.images, made.seconds = [{"top1": 0.5}], 70, 90.0
    folder.mkdir()
    made.save(folder / "last.pt")
    return made


def test_what_ships_is_in_float16_but_for_norms_and_tells_how_it_was_made(tmp_path: Path):
    made = shipped_from(tmp_path / "run", ("a", "b"))
    export_run(tmp_path / "run", tmp_path / "out")
    weights = load_file(tmp_path / "out" / "seresnet50_slim.safetensors")
    for name, value in made.model.state_dict().items():
        expected = value.half() if value.is_floating_point() and value.ndim > 1 else value
        assert torch.equal(weights[name], expected), name
    facts = json.loads((tmp_path / "out" / "seresnet50_slim.json").read_text())
    assert facts["recipe"] == asdict(made.recipe)
    assert facts["parameters"] == sum(p.numel() for p in made.model.parameters())
    told = {name: facts[name] for name in ("history", "images", "minutes")}
    assert told == {"history": [{"top1": 0.5}], "images": 70, "minutes": 1.5}
    assert "before" not in facts
    assert (tmp_path / "out" / "classes.tsv").read_text() == "a\ta\nb\tb\n"


def test_names_of_the_same_classes_stay_and_other_classes_are_refused(tmp_path: Path):
    shipped_from(tmp_path / "run", ("a", "b"))
    (tmp_path / "out").mkdir()
    names = tmp_path / "out" / "classes.tsv"
    names.write_text("a\tant\nb\tbee\n")
    export_run(tmp_path / "run", tmp_path / "out")
    assert names.read_text() == "a\tant\nb\tbee\n"
    names.write_text("a\tant\nc\tcat\n")
    with pytest.raises(UserError, match="holds the classes of another network; give another --out"):
        export_run(tmp_path / "run", tmp_path / "out")
