import pytest
from made_drift import made_drift, made_passed

from seviz.analysis.drift import arms_with_gates, drift_pair

FAR = made_passed(4, [0.8, 0.6], [0.5, 0.4, 0.8])
DRIFT = made_drift(made_passed(1), FAR)


def test_distances_from_the_unchanged_photograph_by_hand():
    pair = drift_pair(DRIFT, FAR, None, k=2)
    assert pair.model == "made"
    assert pair.blocks[0].cosine == pytest.approx(1 - 0.96, abs=1e-7)
    assert pair.blocks[0].difference == pytest.approx(0.2, abs=1e-7)
    assert pair.blocks[1].difference == pytest.approx(0.4 / 3, abs=1e-7)
    assert (pair.channels[0].site, pair.channels[0].channel) == ("SE_2_2", 2)
    assert (pair.channels[0].first, pair.channels[0].second) == pytest.approx((0.5, 0.8))
    assert len(pair.channels) == 2


def test_each_arm_has_its_own_gates():
    FAR.s["SE_2_1"][1] = [0.6, 0.8]
    try:
        assert drift_pair(DRIFT, FAR, None, arm=1).blocks[0].difference == 0
        assert drift_pair(DRIFT, FAR, None, arm=0).blocks[0].difference > 0
    finally:
        FAR.s["SE_2_1"][1] = [0.8, 0.6]
    assert arms_with_gates(DRIFT) == [0, 1]
