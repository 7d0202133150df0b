import math

import numpy as np
import pytest
from scipy import stats

from seviz.study.intervals import difference, interval


def test_the_interval_is_welchs():
    a, b = (0.54, 0.56, 0.55), (0.50, 0.53, 0.52)
    ours = difference(a, b)
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert ours.mean == pytest.approx(np.mean(a) - np.mean(b))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_a_difference_is_clear_where_its_interval_does_not_hold_nothing():
    assert difference((0.60, 0.61, 0.62), (0.50, 0.51, 0.52)).clear
    assert difference((0.50, 0.51, 0.52), (0.60, 0.61, 0.62)).clear
    assert not difference((0.50, 0.60, 0.70), (0.49, 0.59, 0.69)).clear


def test_one_seed_makes_nothing_clear():
    found = difference((0.9,), (0.1, 0.2))
    assert (found.low, found.high, found.clear) == (-math.inf, math.inf, False)


def test_seeds_that_agree_to_the_last_digit_leave_the_difference_as_it_is():
    assert difference((0.5, 0.5), (0.4, 0.4)).clear
    assert not difference((0.5, 0.5), (0.5, 0.5)).clear


def test_the_interval_of_a_mean_is_students():
    seeds = (0.54, 0.56, 0.55)
    ours = interval(seeds)
    # t of 0.975 with two degrees of freedom is 4.3027, and the standard error 0.01 / √3
    assert ours.mean == pytest.approx(0.55)
    assert (ours.low, ours.high) == pytest.approx((0.55 - 0.024842, 0.55 + 0.024842), abs=1e-6)


def test_one_seed_has_no_end_to_its_interval():
    assert (interval((0.5,)).low, interval((0.5,)).high) == (-math.inf, math.inf)
    assert interval((0.5, 0.5)).low == interval((0.5, 0.5)).high == 0.5
