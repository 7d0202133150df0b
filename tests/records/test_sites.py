import pytest

from seviz.records.sites import Site


@pytest.mark.parametrize(
    ("channels", "reduced", "r"), [(64, 8, 8.0), (256, 16, 16.0), (10, 4, 2.5)]
)
def test_the_reduction_is_the_one_of_the_widths_that_are_there(
    channels: int, reduced: int, r: float
):
    assert Site("layer1.0.se", "SE_2_1", 2, 1, channels, reduced).reduction == r
