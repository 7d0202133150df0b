"""Statistics over labelled images on both devices: `profile`, `evaluate`, `evaluate --arms`."""

from pathlib import Path

import numpy as np
import pytest
from cuda_sides import CPU, near
from folders import one_of_each
from PIL import Image

from seviz.gates.grammar import parse_arms
from seviz.measuring import arm_accuracy as arms_of
from seviz.measuring import evaluate as of_command
from seviz.photos.dataset import LabelledImages
from seviz.reference.gather import gather
from seviz.zoo import models
from seviz.zoo.catalogue import find
from seviz.zoo.memory import Zoo

IMAGES = 200
ONE = 1 / IMAGES  # one image near a border between two classes


def picture(i: int) -> Image.Image:
    """Draw an image with some detail, whose colours say which it is."""
    noise = np.random.default_rng(i).integers(0, 80, (64, 64, 3))
    pixels = noise + np.array([i % 170, 170 - i % 170, 60])
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One made picture of each of the embedded network's classes."""
    return one_of_each(tmp_path_factory.mktemp("data"), find("embedded").folders, picture)


@pytest.fixture
def on_cpu(monkeypatch):
    """Let a command's modules choose the CPU from now on."""

    def choose() -> None:
        for module in (models, of_command):
            monkeypatch.setattr(module, "device", lambda: CPU)
        monkeypatch.setattr(arms_of, "ZOO", Zoo())

    return choose


def test_profile(embedded, data):
    expected, found = (
        gather(one, LabelledImages(data, "val"), data="made", quiet=True).profile
        for one in (embedded.here, embedded.there)
    )
    assert found.images == expected.images == IMAGES
    assert list(found.blocks) == list(expected.blocks)
    for name, block in expected.blocks.items():
        for field in ("s_mean", "s_quantiles", "z_mean", "z_std", "z_quantiles"):
            near(getattr(found.blocks[name], field), getattr(block, field))
        near(found.blocks[name].s_std, block.s_std, 1e-3)


def test_evaluate(there, data, on_cpu):
    found = of_command.evaluate("embedded", data)
    on_cpu()
    expected = of_command.evaluate("embedded", data)
    assert found.images == expected.images == IMAGES
    assert found.top1 == pytest.approx(expected.top1, abs=ONE)
    assert found.top5 == pytest.approx(expected.top5, abs=ONE)
    assert found.nll == pytest.approx(expected.nll, rel=1e-4)
    assert found.temperature == pytest.approx(expected.temperature, rel=1e-3)
    assert found.macs == expected.macs


def test_evaluate_in_arms(there, data, on_cpu, monkeypatch):
    arms = parse_arms(["intact", "static", "identity", "twin"])
    monkeypatch.setattr(arms_of, "ZOO", Zoo())
    found = arms_of.measure_arms("embedded", data, arms)
    assert arms_of.ZOO.get("embedded").device == there
    on_cpu()
    expected = arms_of.measure_arms("embedded", data, arms)
    for one, other in zip(found.arms, expected.arms, strict=True):
        assert one.arm == other.arm
        assert one.top1 == pytest.approx(other.top1, abs=ONE)
        assert one.nll == pytest.approx(other.nll, rel=1e-4)
        assert one.agreement == pytest.approx(other.agreement, abs=ONE)
