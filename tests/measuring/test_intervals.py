import pytest
from scipy.stats import binomtest

from seviz.measuring.intervals import wilson


@pytest.mark.parametrize(
    ("right", "images"), [(0, 1), (1, 1), (0, 40), (40, 40), (3, 8), (5705, 10_000), (1, 50_000)]
)
def test_the_interval_is_that_of_scipy(right: int, images: int):
    expected = binomtest(right, images).proportion_ci(0.95, method="wilson")
    assert wilson(right / images, images) == pytest.approx((expected.low, expected.high), abs=1e-12)
