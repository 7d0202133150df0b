from dataclasses import replace

import numpy as np
import pytest
from made_learn import SITE, U, made

from seviz.learn.squeezed import CLOSE, measure_squeeze, squeeze_kind


def test_a_map_is_measured_as_by_hand():
    found = measure_squeeze(made([2 / 9, 5]), 0)
    assert (found.kind, found.rows, found.columns, found.count) == ("avg", 3, 3, 9)
    assert (found.total, found.positive, found.negative) == (2, 7, -5)
    assert found.z == pytest.approx(2 / 9)
    assert (found.peak, found.place) == (6, "the centre")
    assert found.half == pytest.approx(1 / 9)  # 6 of 12


def test_the_peak_is_the_value_farthest_from_zero():
    found = measure_squeeze(made([2 / 9, 5], -2 * U), 0)
    assert (found.peak, found.place) == (-12, "the centre")
    corner = U.copy()
    corner[0, 2, 0] = -9
    assert measure_squeeze(made([0, 0], corner), 0).place == "the lower left"


def test_an_empty_map_has_no_half():
    assert measure_squeeze(made([0, 0], np.zeros_like(U)), 0).half == 1


def test_how_a_block_squeezes_is_told_by_its_numbers():
    assert squeeze_kind(made([2 / 9, 5])) == "avg"
    assert squeeze_kind(made([6, 5])) == "max"
    assert squeeze_kind(made([1, 2])) == "other"
    unsqueezed = replace(made([np.nan, np.nan]), site=replace(SITE, squeezed=False))
    assert squeeze_kind(unsqueezed) == "none"


def test_rounding_of_z_is_forgiven_up_to_a_share_of_the_maps_top():
    near, far = (2 / 9 + share * CLOSE * 6 for share in (0.9, 1.1))  # 6 is the highest of all
    assert squeeze_kind(made([near, 5])) == "avg"
    assert squeeze_kind(made([far, 5])) == "other"
    assert squeeze_kind(made([0, 0], np.zeros_like(U))) == "avg"


def test_half_of_a_map_lies_on_the_fewest_positions_that_hold_it():
    even = np.ones((2, 4, 4), np.float32)
    assert measure_squeeze(made([1, 1], even), 0).half == pytest.approx(8 / 16)
    even[0, 0, :2] = 10  # 20 of 34
    assert measure_squeeze(made([1, 1], even), 0).half == pytest.approx(2 / 16)


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [
        (0, 0, "the upper left"),
        (1, 9, "the upper right"),
        (2, 6, "the centre"),
        (2, 3, "the left"),
        (5, 3, "the lower left"),
    ],
)
def test_the_place_of_the_peak_is_a_ninth_of_the_map(row: int, column: int, place: str):
    u = np.zeros((2, 6, 12), np.float32)
    u[0, row, column] = 1
    assert measure_squeeze(made([0, 0], u), 0).place == place
