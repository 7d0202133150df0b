import numpy as np
import pytest

from seviz.records.places import GatePlaces


def test_the_map_sums_to_the_linear_part_and_the_rest_is_what_it_misses():
    u = np.ones((1, 2), np.float32)
    places = GatePlaces("SE_4_6", 17, 0.9, 0.4, np.float32([[0.25, -0.05]]), u, u)
    assert places.name == "SE_4_6[17]"
    assert places.linear == pytest.approx(0.2)
    assert places.rest == pytest.approx(0.3)
