import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp

from seviz.measuring.intervals import paired, wilson


@pytest.mark.parametrize(
    ("right", "images"), [(0, 1), (1, 1), (0, 40), (40, 40), (3, 8), (5705, 10_000), (1, 50_000)]
)
def test_the_interval_is_that_of_scipy(right: int, images: int):
    expected = binomtest(right, images).proportion_ci(0.95, method="wilson")
    assert wilson(right / images, images) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_the_interval_of_paired_differences_is_that_of_a_bootstrap(share: float):
    noise = np.random.default_rng(0)
    differences = noise.choice([-1.0, 0.0, 1.0], 3000, p=[share / 2, 1 - share, share / 2])
    drawn = noise.integers(0, 3000, (4000, 3000), dtype=np.int16)
    low, high = np.quantile(differences[drawn].mean(1), (0.025, 0.975))
    found, width = paired(differences), high - low
    assert found.mean == differences.mean()
    assert found.low == pytest.approx(low, abs=0.05 * width)
    assert found.high == pytest.approx(high, abs=0.05 * width)


def test_the_interval_of_few_differences_is_that_of_scipy():
    differences = np.array([0.5, -0.25, 1.0, 0.75])
    expected = ttest_1samp(differences, 0).confidence_interval(0.95)
    found = paired(differences)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_single_difference_has_no_interval():
    found = paired(np.array([0.5]))
    assert found.mean == 0.5
    assert np.isnan([found.low, found.high]).all()
