import sys
from types import ModuleType

import numpy as np
import pytest

from seviz.errors import UserError
from seviz.reference import image_map
from seviz.reference.image_map import differences, pca, project


def one_shot(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first two principal components' scores and shares of variance, by one SVD."""
    centred = rows.astype(np.float64) - rows.astype(np.float64).mean(0)
    _, sizes, right = np.linalg.svd(centred, full_matrices=False)
    return centred @ right[:2].T, sizes[:2] ** 2 / (sizes**2).sum()


@pytest.mark.parametrize(("images", "channels"), [(60, 12), (20, 50), (5, 30), (40, 2), (3, 3)])
def test_the_map_is_numpys_but_for_signs(images: int, channels: int):
    rows = np.random.default_rng(images).random((images, channels)).astype(np.float32)
    found = pca(rows)
    points, shares = one_shot(rows)
    signs = np.sign((found.points * points).sum(0))
    np.testing.assert_allclose(found.points, points * signs, atol=1e-9)
    np.testing.assert_allclose(found.explained, shares, rtol=1e-9)


def test_the_largest_component_of_an_axis_is_positive_so_that_the_map_is_always_the_same():
    rows = np.random.default_rng(1).random((50, 20)).astype(np.float32)
    again = pca(rows)
    np.testing.assert_array_equal(pca(rows).points, again.points)
    centred = rows.astype(np.float64) - rows.astype(np.float64).mean(0)
    for axis in again.points.T:
        direction = centred.T @ axis
        assert direction[np.abs(direction).argmax()] > 0


def test_one_channel_and_gates_that_never_change_have_a_map():
    line = np.float32([[0.1], [0.5], [0.3]])
    found = pca(line)
    np.testing.assert_allclose(found.points[:, 0], [-0.2, 0.2, 0], atol=1e-7)
    assert found.explained == (pytest.approx(1), 0)
    still = pca(np.full((20, 12), 0.5, np.float32))
    assert not still.points.any()
    assert still.explained == (0, 0)


def test_what_can_not_be_laid_out_gets_one_sentence(monkeypatch):
    rows = np.random.default_rng(0).random((20, 4)).astype(np.float32)
    with pytest.raises(UserError, match="no method “tsne”; choose pca or umap"):
        project(rows, "tsne")
    with pytest.raises(UserError, match="A map needs 3 images or more, and here are 2"):
        project(rows[:2], "pca")
    monkeypatch.setattr(image_map, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="`pip install umap-learn`"):
        project(rows, "umap")


@pytest.mark.parametrize(("images", "init"), [(20, "spectral"), (6, np.ndarray)])
def test_umap_is_asked_with_a_seed_and_fitting_neighbours(monkeypatch, images: int, init):
    asked: dict = {}

    class Stub:
        def __init__(self, **given):
            asked.update(given)

        def fit_transform(self, rows):
            return rows[:, :2]

    module = ModuleType("umap")
    module.UMAP = Stub
    monkeypatch.setitem(sys.modules, "umap", module)
    monkeypatch.setattr(image_map, "find_spec", lambda name: name)
    rows = np.random.default_rng(0).random((images, 4)).astype(np.float32)
    found = project(rows, "umap")
    assert found.points.dtype == np.float64
    assert found.explained is None
    assert (asked["random_state"], asked["n_jobs"]) == (0, 1)
    assert asked["n_neighbors"] == min(15, images - 1)
    assert asked["init"] == init if isinstance(init, str) else isinstance(asked["init"], init)


def test_the_gates_that_differ_most_are_those_of_pooled_deviations():
    rows = np.random.default_rng(2).random((30, 6)).astype(np.float32)
    a, b = np.arange(8), np.arange(10, 25)
    found = differences(rows, a, b)
    own, other = rows[a].astype(np.float64), rows[b].astype(np.float64)
    pooled = np.sqrt((7 * own.var(0, ddof=1) + 14 * other.var(0, ddof=1)) / 21)
    expected = (own.mean(0) - other.mean(0)) / pooled
    np.testing.assert_allclose(found.deviations, expected, rtol=1e-12)
    assert found.order.tolist() == np.argsort(-np.abs(expected)).tolist()
    np.testing.assert_allclose(found.a, own.mean(0))
    np.testing.assert_allclose(found.b, other.mean(0))


def test_gates_that_never_change_within_a_set_differ_first_or_not_at_all():
    rows = np.float32([[0.5, 0.1, 0.2], [0.5, 0.1, 0.4], [0.5, 0.9, 0.2], [0.5, 0.9, 0.5]])
    found = differences(rows, np.array([0, 1]), np.array([2, 3]))
    assert found.order.tolist() == [1, 2, 0]
    assert np.isnan(found.deviations).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [([], [1, 2], "Selection A has 0 images"), ([1, 2], [3], "Selection B has 1 image; choose 2")],
)
def test_a_set_of_less_than_two_images_is_refused(a: list[int], b: list[int], says: str):
    with pytest.raises(UserError, match=says):
        differences(np.zeros((4, 2), np.float32), np.array(a, np.int64), np.array(b, np.int64))
