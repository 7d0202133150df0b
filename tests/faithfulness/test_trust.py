"""Measures of maps, on hand-made maps and a hand-made network with known answers."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from corner import GATE, HALF, SIDE, bright, made_corner
from scipy.stats import rankdata
from skimage.metrics import structural_similarity

from seviz.attribution.maps import attribute
from seviz.attribution.rows import Rows
from seviz.faithfulness.controls import edge_map, random_map, randomised
from seviz.faithfulness.curves import STEPS, curves
from seviz.faithfulness.likeness import likeness, top
from seviz.faithfulness.trust import trust
from seviz.records.arms import INTACT
from seviz.records.trust import Likeness, Trust
from seviz.watch import Stopped, Watch
from seviz.zoo.models import LoadedModel


@pytest.fixture(scope="module")
def corner() -> LoadedModel:
    return made_corner()


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return bright()


def right_map() -> np.ndarray:
    map_ = np.zeros((SIDE, SIDE), np.float32)
    map_[:HALF, :HALF] = 1
    return map_


def areas(loaded: LoadedModel, image: np.ndarray, maps: list[np.ndarray]) -> list[dict]:
    x = torch.from_numpy(image)[None]
    found = curves(Rows(loaded, [INTACT]), x, maps, owners=[0] * len(maps), target=1)
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


def test_similarity_is_scikit_images_by_default():
    one, other = np.random.default_rng(0).normal(size=(2, 16, 24)).astype(np.float32)
    scale = 2 * float(max(abs(one).max(), abs(other).max()))
    expected = structural_similarity(one, other, data_range=scale)
    assert likeness(one, other).ssim == pytest.approx(expected, abs=1e-5)
    tiny = [np.float32(1e-15) * map_ for map_ in (one, other)]
    assert likeness(*tiny).ssim == pytest.approx(expected, abs=1e-5)  # a matter of shape, not size


@pytest.mark.parametrize(("side", "window"), [(3, 3), (4, 3), (5, 5), (6, 5), (7, 7), (8, 7)])
def test_a_small_map_is_compared_by_the_largest_window_within_it(side: int, window: int):
    one, other = np.random.default_rng(1).normal(size=(2, side, side)).astype(np.float32)
    assert likeness(one, one).ssim == pytest.approx(1)
    scale = 2 * float(max(abs(one).max(), abs(other).max()))
    expected = structural_similarity(one, other, data_range=scale, win_size=window)
    assert likeness(one, other).ssim == pytest.approx(expected, abs=1e-5)


def test_two_maps_of_zeros_have_nothing_to_compare():
    nothing = np.zeros((8, 8), np.float32)
    assert likeness(nothing, nothing) == Likeness(spearman=0.0, ssim=None, overlap=0.0)
    found = likeness(nothing, np.eye(8, dtype=np.float32))
    assert found.ssim == pytest.approx(0, abs=0.9) and found.spearman == 0


def test_the_top_tenth_has_the_most_evidence():
    map_ = np.zeros((10, 10), np.float32)
    map_[0, :9], map_[5, 5], map_[9, 9] = 2, 1, -3
    assert top(map_) == {*range(9), 55}
    equals = np.float32([[1, 0] * 5] * 10)
    assert top(equals) == set(range(0, 20, 2))  # in reading order


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
    found = attribute(corner, image, [INTACT], method="input_x_gradient", target=1)
    return trust(corner, image, found)


def test_a_method_that_is_right_is_measured_as_right(measured):
    by_name = {m.name: m for m in measured.maps}
    assert list(by_name) == ["intact", "random", "edges", "randomised"]
    intact = by_name["intact"]
    assert intact.infidelity == pytest.approx(0, abs=1e-4)  # linear: exactly what perturbing does
    assert 0.01 < intact.sensitivity <= 0.02  # a product moves by the share that pixels move
    assert intact.likeness.spearman == pytest.approx(1)
    assert not intact.control
    for name in ("random", "edges", "randomised"):
        control = by_name[name]
        assert control.control
        assert (control.infidelity, control.sensitivity, control.completeness) == (None,) * 3
    assert abs(by_name["randomised"].likeness.spearman) < 0.5


def test_a_class_that_is_not_the_answer_is_measured_as_itself(image):
    loaded = made_corner(lower=6)
    found = attribute(loaded, image, [INTACT], method="input_x_gradient", target=0)
    assert found.target.logit == pytest.approx(12 + 6 * GATE, abs=1e-4)
    assert found.target.probability < 0.01
    intact, *_, shuffled = trust(loaded, image, found).maps
    assert intact.infidelity == pytest.approx(0, abs=1e-4)
    assert 0.01 < intact.sensitivity <= 0.02
    by_name = {(c.task, c.baseline): c.probabilities for c in intact.curves}
    assert by_name["deletion", "mean"][0] == pytest.approx(found.target.probability, abs=1e-6)
    map_ = attribute(
        randomised(loaded), image, [INTACT], method="input_x_gradient", target=0
    ).pixels[0]
    assert shuffled.likeness == likeness(found.pixels[0], map_)


def test_slow_methods_are_not_shaken_and_complete_ones_tell_their_error(corner, image, monkeypatch):
    found = attribute(corner, image, [INTACT], method="integrated_gradients", target=1, steps=4)
    complete = trust(corner, image, found).maps[0]
    assert complete.completeness == pytest.approx(0, abs=1e-3)
    monkeypatch.setattr("seviz.faithfulness.trust.SENSITIVITY_ROWS", 3)
    assert trust(corner, image, found).maps[0].sensitivity is None


def test_measuring_stops_when_told(corner, image):
    found = attribute(corner, image, [INTACT], method="saliency", target=1)
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        trust(corner, image, found, watch=watch)
    watch.close()
