import numpy as np
import pytest
from made import made_maps, spot

from seviz.analysis.evidence import move, scale_limit


def test_evidence_that_stays_has_not_moved():
    found = move(made_maps(spot(0, 0), 3 * spot(0, 0)))
    assert found is not None
    assert found.share == 0
    assert found.spread == pytest.approx((0.5 / 64, 0.5 / 64))  # half of one cell of 64


def test_half_of_the_evidence_moves_from_one_corner_to_the_other():
    found = move(made_maps(spot(0, 0), spot(0, 0) + spot(7, 7)))
    assert found is not None
    assert found.share == pytest.approx(0.5)
    assert found.loser == ("the upper left", pytest.approx(1.0), pytest.approx(0.5))
    assert found.gainer == ("the lower right", pytest.approx(0.0), pytest.approx(0.5))
    assert found.spread == pytest.approx((0.5 / 64, 1 / 64))


def test_evidence_against_the_answer_is_none_for_it():
    assert move(made_maps(spot(0, 0), -spot(0, 0))) is None
    found = move(made_maps(spot(0, 0) - spot(3, 3), spot(0, 0)))
    assert found is not None
    assert found.share == 0


def test_the_scale_leaves_one_of_two_hundred_values_out_and_is_never_empty():
    maps = np.ones((2, 10, 20), np.float32)
    maps[0, 0, 0] = -1000.0
    assert scale_limit(maps) == 1.0
    assert scale_limit(np.zeros((2, 4, 4), np.float32)) > 0
