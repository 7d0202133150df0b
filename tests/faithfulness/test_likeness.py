import numpy as np
import pytest
from scipy.stats import rankdata
from skimage.metrics import structural_similarity

from seviz.faithfulness.likeness import likeness, top
from seviz.records.trust import Likeness


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
