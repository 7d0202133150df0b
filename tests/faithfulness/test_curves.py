from itertools import pairwise

import numpy as np
import pytest
import torch
from corner import GATE, HALF, SIDE, right_map

from seviz.attribution.rows import Rows
from seviz.faithfulness.controls import edge_map, random_map
from seviz.faithfulness.curves import STEPS, block_mean, curves
from seviz.gates.grammar import parse_arms
from seviz.records.arms import INTACT
from seviz.zoo.models import LoadedModel
from seviz.zoo.sources import Source


def areas(loaded: LoadedModel, image: np.ndarray, maps: list[np.ndarray]) -> list[dict]:
    x = torch.from_numpy(image)[None]
    found = curves(Rows(loaded, [INTACT]), x, maps, arm_of_map=[0] * len(maps), target=1)
    return [{(c.task, c.baseline): c for c in of_map} for of_map in found]


def probability(left: float) -> float:
    """What the corner network says where this share of its quarter is bright."""
    return 1 / (1 + np.exp(12 - 24 * left * GATE))


def test_deletion_and_insertion_on_a_network_with_a_known_answer(corner, image):
    best, worst = areas(corner, image, [right_map(), -right_map()])
    whole = 1 / (1 + np.exp(12.0 - 24 * GATE))
    curve = best["deletion", "mean"].probabilities
    assert len(curve) == STEPS + 1
    assert curve[0] == pytest.approx(whole, abs=1e-3)
    # A quarter of the cells carries the answer: after it, nothing is left to lose.
    left = [max(1 - 4 * step / STEPS, 0) for step in range(STEPS + 1)]
    np.testing.assert_allclose(curve, [probability(share) for share in left], atol=1e-4)
    area = sum((a + b) / 2 for a, b in pairwise(curve)) / STEPS
    assert best["deletion", "mean"].area == pytest.approx(area)
    assert best["insertion", "mean"].probabilities[0] == pytest.approx(curve[-1])
    assert best["insertion", "mean"].probabilities[-1] == pytest.approx(curve[0])
    assert best["deletion", "mean"].area < worst["deletion", "mean"].area
    assert best["insertion", "mean"].area > worst["insertion", "mean"].area


def test_cells_that_are_equally_high_go_in_reading_order(corner, image):
    cells = np.random.default_rng(0).integers(0, 3, (8, 8))  # of three heights
    map_ = np.kron(cells, np.ones((4, 4))).astype(np.float32)
    order = sorted(range(64), key=lambda i: (-cells.flat[i], i))
    (of,) = areas(corner, image, [map_])
    gone = [sum(i // 8 < 4 and i % 8 < 4 for i in order[: 4 * step]) for step in range(STEPS + 1)]
    left = [1 - cells_gone / 16 for cells_gone in gone]
    found = of["deletion", "mean"].probabilities
    np.testing.assert_allclose(found, [probability(share) for share in left], atol=1e-4)


def test_a_picture_that_is_uniform_there_loses_nothing_by_blurring(corner, image):
    (of,) = areas(corner, image, [right_map()])
    np.testing.assert_allclose(of["deletion", "blur"].probabilities, 1, atol=1e-3)


def test_random_and_edge_controls_rank_below_the_right_map(corner, image):
    seen = np.zeros((SIDE, SIDE, 3), np.uint8)
    seen[:, HALF:] = 255  # an edge that has nothing to do with the corner's answer
    right, noise, edges = areas(
        corner, image, [right_map(), random_map(SIDE, SIDE), edge_map(seen)]
    )
    for other in (noise, edges):
        assert right["deletion", "mean"].area < other["deletion", "mean"].area
        assert right["insertion", "mean"].area > other["insertion", "mean"].area


def test_the_grid_averages_a_map_over_its_cells():
    map_ = np.zeros((16, 24), np.float32)
    map_[:2, :3] = [[1, 2, 3], [4, 5, 9]]  # the first of 8×8 cells, of 2×3 pixels
    map_[14:, 21:] = -6
    expected = np.zeros((8, 8), np.float32)
    expected[0, 0], expected[7, 7] = 4, -6
    np.testing.assert_allclose(block_mean(map_), expected, rtol=1e-6)


def test_each_map_is_followed_in_the_arm_that_owns_it(corner, image):
    x = torch.from_numpy(image)[None]
    rows = Rows(corner, parse_arms(["intact", "all*=0"]))
    intact, closed = curves(rows, x, [right_map()] * 2, arm_of_map=[0, 1], target=1)
    assert intact[0].probabilities[0] == pytest.approx(probability(1), abs=1e-4)
    np.testing.assert_allclose(closed[0].probabilities, 1 / (1 + np.exp(12.0)), rtol=1e-3)


def test_with_a_sigmoid_head_the_class_is_followed_by_itself(monkeypatch, corner, image):
    monkeypatch.setattr(Source, "head", "sigmoid")
    (best,) = areas(corner, image, [right_map()])
    with torch.inference_mode():
        logits = corner.model(torch.from_numpy(image)[None])
    curve = best["deletion", "mean"].probabilities
    assert curve[0] == pytest.approx(float(logits[0, 1].sigmoid()), abs=1e-4)
