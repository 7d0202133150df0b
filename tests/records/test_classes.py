import numpy as np
import pytest
from made_classes import MEANS, made_curves


def test_the_difference_is_that_of_the_largest_and_the_smallest_mean():
    np.testing.assert_array_equal(made_curves().difference, MEANS.max(0) - MEANS.min(0))
    np.testing.assert_array_equal(made_curves(1).difference, abs(MEANS[1] - MEANS.mean(0)))


@pytest.mark.parametrize(
    ("by", "order"),
    [("channel", [0, 1, 2, 3]), ("mean", [1, 3, 0, 2]), ("difference", [0, 2, 3, 1])],
)
def test_channels_are_ordered(by: str, order: list[int]):
    assert made_curves().order(by).tolist() == order
