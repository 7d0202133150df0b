import numpy as np
import pytest
from made_module import pixels

import seviz


@pytest.fixture(scope="module")
def network() -> seviz.Network:
    return seviz.load("embedded")


def test_a_pair_is_drawn_by_either_measure(network, picture):
    found = network.compare(picture, pixels())
    arrays = found.to_arrays()
    assert arrays["first/SE_4_6"].shape == arrays["second/SE_4_6"].shape == (384,)
    apart = np.abs(arrays["first/SE_4_6"].astype(float) - arrays["second/SE_4_6"]).mean()
    block = next(b for b in found.answer.report.blocks if b.site == "SE_4_6")
    assert apart == pytest.approx(block.difference)
    assert "cosine" in found.figure().layout.meta["label"]
    assert "mean |Δs|" in found.figure("difference").layout.meta["label"]
    with pytest.raises(seviz.UserError, match="no measure “l2” here; choose cosine or difference"):
        found.figure("l2")


def test_a_change_is_drawn_by_gates_and_by_answers(network, picture):
    found = network.compare(picture, change="darker", strength=40)
    arrays = found.to_arrays()
    strengths, arms = len(arrays["strengths"]), len(found.answer.drift.arms)
    assert arrays["logits"].shape == (strengths, arms, 200)
    assert arrays["s/SE_4_6"].shape == (strengths, arms, 384)
    assert 40 in arrays["strengths"]
    assert "at each block" in found.figure().layout.meta["label"]
    assert found.figure("answers").layout.meta["label"].startswith("Probability of ")
    with pytest.raises(seviz.UserError, match="no figure “atlas” here; choose gates or answers"):
        found.figure("atlas")
    assert len(found._table().rows) == 16
