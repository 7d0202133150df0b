from copy import deepcopy
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from folders import class_folders

from seviz.errors import UserError
from seviz.folding import tune as module
from seviz.folding.tune import check_tuning, tune

CLASSES = ["ant", "bee", "cat"]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, CLASSES, train=16, val=4)
    return root


@pytest.fixture(autouse=True)
def no_processes(monkeypatch) -> None:
    """Read training images in this process, as to start others takes longer than to train."""
    monkeypatch.setattr(module, "count_loaders", lambda loaders: 0)


@pytest.fixture
def clock(monkeypatch) -> None:
    """Let each look at the clock take a tenth of a second, so that a minute is 300 steps of 12."""
    ticks = count()
    monkeypatch.setattr(module, "BATCH", 12)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(ticks) / 10))


@pytest.mark.usefixtures("clock")
def test_norms_are_measured_anew_then_weights_are_trained(loaded, folded, data: Path):
    model, said = deepcopy(folded.model), list[str]()
    before = deepcopy(model.state_dict())
    found = tune(model, loaded.source, data, minutes=0.03, loaders=1, show=said.append)
    after = model.state_dict()
    changed = {name for name in after if not torch.equal(after[name], before[name])}
    assert {"layer4.1.bn2.running_var", "conv1.weight", "fc.bias"} <= changed
    assert not model.training and not any(p.requires_grad for p in model.parameters())
    assert (found.measured, found.held_out) == (12, f"{data.name} (val)")
    assert found.top1[2] > 0.7  # the tints of three classes are soon known
    assert found.top1[2] > found.top1[0]
    assert (found.images, found.minutes) == (12 * found.steps, pytest.approx(0.03, rel=0.2))
    assert found.words.startswith(
        f"for 0.0 minutes on {data.name} (train), {found.images:,} images"
    )
    assert said[0].startswith("before tuning: ") and said[1].startswith("with new norm statistics")


def test_new_norm_statistics_are_those_of_the_training_images(loaded, folded, data, monkeypatch):
    model, train = deepcopy(folded.model), []
    monkeypatch.setattr(module, "_train", lambda model, *_, **__: train.append(model) or 1)
    tune(model, loaded.source, data, minutes=1, loaders=1)
    images = module._open(loaded.source, data, access=module.USUAL, loaders=1, seed=0).train
    x = torch.stack([loaded.transform(images.picture(i)[0]) for i in range(len(images))])
    with torch.inference_mode():
        of_first = folded.model.conv1(x)
    mean, var = of_first.mean((0, 2, 3)), of_first.var((0, 2, 3))
    torch.testing.assert_close(model.bn1.running_mean, mean, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(model.bn1.running_var, var, rtol=1e-3, atol=1e-4)
    assert train == [model]


def test_without_a_split_every_tenth_image_is_held_out(loaded, folded, tmp_path, monkeypatch):
    class_folders(tmp_path, CLASSES, train=11, val=1)
    monkeypatch.setattr(module, "_train", lambda *_, **__: 1)
    found = tune(deepcopy(folded.model), loaded.source, tmp_path / "train", minutes=1, loaders=1)
    assert (found.measured, found.held_out) == (6, "every tenth image of a class")
    found = tune(
        deepcopy(folded.model), loaded.source, tmp_path / "train", minutes=1, loaders=1, limit=2
    )
    assert found.measured == 2


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("rate", [1e10, 1e38])
def test_what_diverges_is_told(loaded, folded, data: Path, monkeypatch, rate: float):
    monkeypatch.setattr(module, "RATE", rate)
    with pytest.raises(UserError, match="The tuning diverged"):
        tune(deepcopy(folded.model), loaded.source, data, minutes=0.01, loaders=1)


@pytest.mark.parametrize(
    ("minutes", "seed", "says"),
    [
        (0.0, 0, "--minutes 0 is not possible"),
        (float("nan"), 0, "--minutes nan is not possible"),
        (1.0, -1, "--seed -1 is not possible"),
    ],
)
def test_impossible_times_and_seeds_get_one_sentence(minutes: float, seed: int, says: str):
    with pytest.raises(UserError, match=says):
        check_tuning(minutes, seed)
