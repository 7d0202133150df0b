from copy import copy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from networks import random_network
from PIL import Image
from timm.data import create_transform
from torch import nn

from seviz.measuring.as_upload import AsPhotograph
from seviz.photos.dataset import LabelledImages
from seviz.training import conclude as module
from seviz.training.conclude import FLAT_SECONDS, MARGIN, Ending
from seviz.training.recipe import Recipe, Run

CONFIG = {
    "input_size": (3, 32, 32),
    "interpolation": "bicubic",
    "mean": (0.5, 0.5, 0.5),
    "std": (0.25, 0.25, 0.25),
    "crop_pct": 1.0,
}


class Brightness(nn.Module):
    """Answers 1 where a picture is brighter than its norm's mean, else 0."""

    def __init__(self) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(3, affine=False)
        self.fc = nn.Linear(3, 2)
        self.fc.weight.data = torch.tensor([[0.0] * 3, [1.0] * 3])
        self.fc.bias.data.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.bn(x).mean((2, 3)))


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> tuple[LabelledImages, LabelledImages]:
    """Twelve pictures of two classes to train on, and four to measure: dark ones and bright."""
    root, noise = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for split, count in (("train", 6), ("val", 2)):
        for name, level in (("a-dark", 20), ("b-bright", 170)):
            (root / split / name).mkdir(parents=True)
            for i in range(count):
                pixels = noise.integers(level, level + 60, (32, 32, 3)).astype(np.uint8)
                Image.fromarray(pixels).save(root / split / name / f"{i}.png")
    return LabelledImages(root, "train"), LabelledImages(root, "val")


@pytest.fixture
def ending(images) -> Ending:
    return Ending(*images, CONFIG, loaders=1)


def run(**options: object) -> Run:
    recipe = Recipe("x", batch=5, settle=10, seed=3, **options)
    model = random_network(lambda: Brightness())
    return Run(recipe, ("a-dark", "b-bright"), model, torch.optim.SGD(model.parameters(), lr=0.1))


def settled(images: LabelledImages) -> torch.Tensor:
    """The pictures that norms are measured on: ten of the twelve, every other one an upload."""
    see = create_transform(**CONFIG)
    order = torch.randperm(12, generator=torch.Generator().manual_seed(3))[:10].tolist()
    pictures = [images.picture(i)[0] for i in order]
    ways = [see, AsPhotograph(see)]
    return torch.stack([ways[turn % 2](picture) for turn, picture in enumerate(pictures)])


def test_norms_end_with_the_statistics_of_whole_images_half_of_them_uploads(ending: Ending, images):
    made, seed = run(), copy(images[0].seed)
    found = ending.conclude(made)
    seen = settled(images[0])
    np.testing.assert_allclose(made.model.bn.running_mean, seen.mean((0, 2, 3)), atol=1e-5)
    by_batch = [part.transpose(0, 1).flatten(1).var(1) for part in seen.split(5)]
    np.testing.assert_allclose(made.model.bn.running_var, torch.stack(by_batch).mean(0), rtol=1e-4)
    assert (found["top1"], found["top5"]) == (1.0, 1.0)
    assert found["temperature"] > 0
    assert (images[0].transform, images[0].seed) == (None, seed)  # as they were given


def test_answers_are_measured_on_val(ending: Ending):
    made = run()
    made.model.fc.weight.data = -made.model.fc.weight.data  # always the other class
    assert ending.conclude(made)["top1"] == 0.0
    made.model.fc.weight.data.zero_()
    made.model.fc.bias.data = torch.tensor([1.0, 0.0])  # always the first
    assert ending.conclude(made)["top1"] == 0.5


def test_an_image_that_cant_be_read_is_not_measured_and_is_named(tmp_path: Path, images, capsys):
    for name in ("a-dark", "b-bright"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (8, 8)).save(tmp_path / "a-dark" / "fine.png")
    val = LabelledImages(tmp_path, "val")
    made = run()
    assert Ending(images[0], val, CONFIG).conclude(made)["top1"] == 1.0  # of one image
    said = capsys.readouterr().out
    assert said.count("Left out of the measurement: ") == 2
    assert "a-dark/broken.png: This file is not a picture that can be read here" in said


def test_averaged_weights_are_the_ones_that_end(ending: Ending):
    made = run(average=0.9)
    made.average.module.fc.bias.data = torch.tensor([9.0, 0.0])
    assert ending.conclude(made)["top1"] == 0.5
    assert made.model.fc.bias.tolist() == [9.0, 0.0]


def test_the_time_is_estimated_by_reading_and_passing_a_few(ending: Ending, monkeypatch):
    made, clock = run(), iter([10.0, 15.0])  # ten pictures are read in 5 s
    monkeypatch.setattr(module, "_seconds_to_pass", lambda model, images: 0.1 * len(images))
    monkeypatch.setattr(module, "count_loaders", lambda loaders: 2)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    # Ten to settle and four to measure, half a second each by two processes, and 0.1 s to pass.
    expected = MARGIN * 14 * (0.5 / 2 + 0.1) + FLAT_SECONDS
    assert ending.seconds(made) == pytest.approx(expected)


def test_a_pass_is_timed_the_second_time_and_the_network_goes_on_training(monkeypatch):
    model, clock = random_network(lambda: Brightness()), iter([0.0, 9.0, 20.0, 20.5])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    before = model.bn.running_mean.clone()
    assert module._seconds_to_pass(model, torch.zeros(2, 3, 8, 8)) == 0.5
    assert model.training
    assert torch.equal(model.bn.running_mean, before)
