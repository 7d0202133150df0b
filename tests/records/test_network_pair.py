import numpy as np
import pytest

from seviz.records.network_pair import RELATED, BlockPair, GateSimilarity


@pytest.mark.parametrize(
    ("weights", "corresponds"), [(None, False), (0.0, False), (RELATED, True), (-0.9, False)]
)
def test_channels_correspond_where_the_weights_correlate(weights, corresponds):
    assert BlockPair("SE_2_1", 4, 0.5, 0.1, weights).corresponds == corresponds


def test_blocks_of_one_name_are_found_in_both():
    cka = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    found = GateSimilarity("a", "b", ("x", "y"), ("y", "z"), cka, (), (), 9, "")
    assert found.same_name == [("y", pytest.approx(0.3))]
