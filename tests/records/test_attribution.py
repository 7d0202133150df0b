import numpy as np
import pytest

from seviz.records.arms import IDENTITY, INTACT
from seviz.records.attribution import Attribution, GateShares
from seviz.records.trace import Answer

TARGET = Answer(3, "lion", 0.75, 2.5)
MAPS = np.float32([[[[1, -2]], [[3, 4]], [[0, 0.5]]], np.zeros((3, 1, 2))])  # 2×3×1×2


def made(**claims: np.ndarray) -> Attribution:
    return Attribution("m", "saliency", (INTACT, IDENTITY), TARGET, MAPS, **claims)


def test_a_pixel_is_the_sum_of_its_colours():
    np.testing.assert_array_equal(made().pixels, [[[4, 2.5]], [[0, 0]]])


def test_an_error_is_a_share_of_the_score():
    found = made(scores=np.array([2.0, -4.0]), totals=np.array([1.5, -5.0]))
    np.testing.assert_allclose(found.errors, [0.25, 0.25])
    nothing = made(scores=np.array([0.0, 1.0]), totals=np.array([2e-6, 1.0]))
    np.testing.assert_allclose(nothing.errors, [2, 0])  # of a millionth: never a division by 0


def test_a_method_that_claims_nothing_has_no_error():
    assert made().errors is None
    assert made(scores=np.ones(2)).errors is None
    assert made(totals=np.ones(2)).errors is None


def test_shares_add_up_over_all_blocks_and_miss_by_a_share_of_the_difference():
    shares = {"SE_2_1": np.float32([0.5, -0.25]), "SE_2_2": np.float32([1.25])}
    found = GateShares("m", "static", TARGET, shares, -2.0, 8)
    assert found.total == 1.5
    assert found.error == pytest.approx(3.5 / 2)
    assert GateShares("m", "static", TARGET, shares, 0.0, 8).error == pytest.approx(1.5e6)
