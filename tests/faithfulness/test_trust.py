"""Measures of maps, on hand-made maps and a hand-made network with known answers."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.stats import rankdata
from timm.layers import SEModule
from torch import nn

from seviz.attribution.maps import attribute
from seviz.attribution.rows import Rows
from seviz.faithfulness.controls import edge_map, random_map, randomised
from seviz.faithfulness.curves import STEPS, curves
from seviz.faithfulness.likeness import likeness, top
from seviz.faithfulness.trust import trust
from seviz.records.arms import INTACT
from seviz.records.trust import Trust
from seviz.watch import Stopped, Watch
from seviz.zoo.models import LoadedModel, prepare

SIDE = 32


class Corner(nn.Module):
    """Class 1 where the upper left quarter of the picture is bright, and nothing else counts."""

    def __init__(self) -> None:
        super().__init__()
        self.se = SEModule(3, rd_channels=1)
        nn.init.zeros_(self.se.fc2.weight)
        nn.init.constant_(self.se.fc2.bias, 9.0)  # gates of nearly 1
        self.fc = nn.Linear(3 * SIDE * SIDE, 2)
        weight = torch.zeros(2, 3, SIDE, SIDE)
        weight[1, :, : SIDE // 2, : SIDE // 2] = 24 / (3 * (SIDE // 2) ** 2)
        self.fc.weight.data = weight.flatten(1)
        self.fc.bias.data = torch.tensor([12.0, 0.0])
        self.num_classes = 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.se(x).flatten(1))


@pytest.fixture(scope="module")
def corner() -> LoadedModel:
    return replace(prepare("corner", "corner", Corner()), input_size=(3, SIDE, SIDE))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    """Bright but for a far corner, so that only the network makes the near one matter."""
    pixels = np.ones((3, SIDE, SIDE), np.float32)
    pixels[:, -4:, -4:] = 0
    return pixels


def right_map() -> np.ndarray:
    map_ = np.zeros((SIDE, SIDE), np.float32)
    map_[: SIDE // 2, : SIDE // 2] = 1
    return map_


def areas(loaded: LoadedModel, image: np.ndarray, maps: list[np.ndarray]) -> list[dict]:
    x = torch.from_numpy(image)[None]
    found = curves(Rows(loaded, [INTACT]), x, maps, [0] * len(maps), 1)
    return [{(c.task, c.baseline): c for c in of_map} for of_map in found]


def test_deletion_and_insertion_on_a_network_with_a_known_answer(corner, image):
    best, worst = areas(corner, image, [right_map(), -right_map()])
    whole = 1 / (1 + np.exp(12.0 - 24 * (1 / (1 + np.exp(-9.0)))))
    curve = best["deletion", "mean"].probabilities
    assert len(curve) == STEPS + 1
    assert curve[0] == pytest.approx(whole, abs=1e-3)
    # A quarter of the cells carries the answer: after it, nothing is left to lose.
    left = [max(1 - 4 * step / STEPS, 0) for step in range(STEPS + 1)]
    expected = [1 / (1 + np.exp(12 - 24 * share * (1 / (1 + np.exp(-9.0))))) for share in left]
    np.testing.assert_allclose(curve, expected, atol=1e-4)
    area = sum((a + b) / 2 for a, b in pairwise(curve)) / STEPS
    assert best["deletion", "mean"].area == pytest.approx(area)
    assert best["insertion", "mean"].probabilities[0] == pytest.approx(curve[-1])
    assert best["insertion", "mean"].probabilities[-1] == pytest.approx(curve[0])
    assert best["deletion", "mean"].area < worst["deletion", "mean"].area
    assert best["insertion", "mean"].area > worst["insertion", "mean"].area


def test_a_picture_that_is_uniform_there_loses_nothing_by_blurring(corner, image):
    (of,) = areas(corner, image, [right_map()])
    np.testing.assert_allclose(of["deletion", "blur"].probabilities, 1, atol=1e-3)


def test_random_and_edge_controls_rank_below_the_right_map(corner, image):
    seen = np.zeros((SIDE, SIDE, 3), np.uint8)
    seen[:, SIDE // 2 :] = 255  # an edge that has nothing to do with the corner's answer
    right, noise, edges = areas(
        corner, image, [right_map(), random_map(SIDE, SIDE), edge_map(seen)]
    )
    for other in (noise, edges):
        assert right["deletion", "mean"].area < other["deletion", "mean"].area
        assert right["insertion", "mean"].area > other["insertion", "mean"].area


def test_edges_are_where_the_photograph_changes():
    seen = np.zeros((20, 20, 3), np.uint8)
    seen[:, 10:] = 200
    edges = edge_map(seen)
    assert edges.shape == (20, 20)
    assert set(np.flatnonzero(edges[10]).tolist()) == {9, 10}


def test_random_maps_follow_from_their_seed():
    assert (random_map(4, 5, 1) == random_map(4, 5, 1)).all()
    assert (random_map(4, 5, 1) != random_map(4, 5, 2)).any()


def test_likeness_of_hand_made_maps():
    map_ = np.arange(100, dtype=np.float32).reshape(10, 10) - 50
    same = likeness(map_, map_)
    assert (same.spearman, same.overlap) == (pytest.approx(1), 1)
    assert same.ssim == pytest.approx(1)
    assert likeness(map_, -map_).spearman == pytest.approx(-1)
    assert likeness(map_, -map_).overlap == 0
    squeezed = np.sign(map_) * np.abs(map_) ** 0.5  # the same order
    assert likeness(map_, squeezed).spearman == pytest.approx(1)
    assert likeness(map_, np.zeros_like(map_)).spearman == 0
    other = np.random.default_rng(0).random((10, 10), np.float32)
    ranks = [rankdata(m.ravel()) for m in (map_, other)]
    assert likeness(map_, other).spearman == pytest.approx(np.corrcoef(*ranks)[0, 1], abs=1e-6)


def test_the_top_tenth_has_the_most_evidence():
    map_ = np.zeros((10, 10), np.float32)
    map_[0, :9], map_[5, 5], map_[9, 9] = 2, 1, -3
    assert top(map_) == {*range(9), 55}


def test_randomised_weights_are_the_same_numbers_elsewhere(small):
    other = randomised(small, seed=1)
    for ours, theirs in ((small.model.conv1, other.model.conv1), (small.model.fc, other.model.fc)):
        assert (ours.weight != theirs.weight).any()
        assert torch.equal(ours.weight.flatten().sort()[0], theirs.weight.flatten().sort()[0])
    again = randomised(small, seed=1)
    assert torch.equal(other.model.fc.weight, again.model.fc.weight)
    assert other.probe is small.probe


@pytest.fixture(scope="module")
def measured(corner, image) -> Trust:
    found = attribute(corner, image, [INTACT], "input_x_gradient", target=1)
    return trust(corner, image, found)


def test_a_method_that_is_right_is_measured_as_right(measured):
    by_name = {m.name: m for m in measured.maps}
    assert list(by_name) == ["intact", "random", "edges", "randomised"]
    intact = by_name["intact"]
    assert intact.infidelity == pytest.approx(0, abs=1e-4)  # linear: exactly what perturbing does
    assert 0 < intact.sensitivity < 0.1  # it moves as little as the picture
    assert intact.likeness.spearman == pytest.approx(1)
    assert not intact.control
    for name in ("random", "edges", "randomised"):
        control = by_name[name]
        assert control.control
        assert (control.infidelity, control.sensitivity, control.completeness) == (None,) * 3
    assert abs(by_name["randomised"].likeness.spearman) < 0.5


def test_slow_methods_are_not_shaken_and_complete_ones_tell_their_error(corner, image, monkeypatch):
    found = attribute(corner, image, [INTACT], "integrated_gradients", target=1, steps=4)
    complete = trust(corner, image, found).maps[0]
    assert complete.completeness == pytest.approx(0, abs=1e-3)
    monkeypatch.setattr("seviz.faithfulness.trust.SENSITIVITY_ROWS", 3)
    assert trust(corner, image, found).maps[0].sensitivity is None


def test_measuring_stops_when_told(corner, image):
    found = attribute(corner, image, [INTACT], "saliency", target=1)
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        trust(corner, image, found, watch=watch)
    watch.close()
