import numpy as np
import pytest

from seviz.analysis.shared_region import cut, on_shared_region, shared_region


def test_what_both_see_lies_in_both_boxes():
    assert shared_region((0, 0, 10, 8), (2, 1, 12, 6)) == (2, 1, 10, 6)
    assert shared_region((0, 0, 4, 4), (4, 0, 8, 4)) is None
    assert shared_region(None, (0, 0, 1, 1)) is None


def test_a_map_is_cut_in_the_photographs_pixels():
    values = np.arange(16, dtype=np.float32).reshape(4, 4)  # over a photograph of 8×8
    np.testing.assert_allclose(cut(values, (0, 0, 8, 8), (4, 0, 8, 4), size=(2, 2)), values[:2, 2:])
    averaged = cut(values, (0, 0, 8, 8), (0, 0, 8, 8), size=(1, 1))
    assert averaged[0, 0] == pytest.approx(7.5)


def test_maps_of_networks_of_other_sizes_and_crops_lie_on_each_other():
    field = np.add.outer(np.arange(64), 2 * np.arange(64)).astype(np.float32)  # a photograph
    whole = field.reshape(16, 4, 16, 4).mean((1, 3))  # a network that sees all, at 16×16
    centre = field[16:48, 16:48]  # one that sees the centre, at 32×32
    one, other, region = on_shared_region(whole, centre, ((0, 0, 64, 64), (16, 16, 48, 48)))
    assert region == (16, 16, 48, 48)
    assert one.shape == other.shape == (8, 8)
    np.testing.assert_allclose(one[1:-1, 1:-1], other[1:-1, 1:-1], atol=1e-3)


def test_maps_without_a_common_part_cant_be_laid_on_each_other():
    values = np.zeros((4, 4), np.float32)
    assert on_shared_region(values, values, (None, (0, 0, 4, 4))) is None
    assert on_shared_region(values, values, ((0, 0, 4, 4), (8, 8, 9, 9))) is None
