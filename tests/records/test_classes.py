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


@pytest.mark.parametrize(
    ("by", "most", "channels"),
    [
        ("channel", None, [0, 1, 2, 3]),
        ("channel", 9, [0, 1, 2, 3]),
        ("channel", 2, [0, 3]),
        ("mean", 3, [1, 0, 2]),
        ("difference", 2, [0, 2]),
    ],
)
def test_a_sample_is_evenly_spaced_or_of_the_largest_differences(by: str, most, channels):
    assert made_curves().sample(by, most).tolist() == channels
