from dataclasses import replace

import numpy as np
import pytest

from seviz.analysis.necessity import necessity
from seviz.gates.grammar import parse_arms
from seviz.passes.forward import retrace, trace
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.target import Difference


@pytest.fixture(scope="module")
def image(small, photo) -> np.ndarray:
    return trace(small, photo, [INTACT]).image


@pytest.mark.parametrize("target", [None, 7])
def test_each_block_alone_and_with_all_behind_it_as_arms_say(small, image, target):
    ours = necessity(small, image, Rule("identity"), target=target)
    arms = parse_arms(["intact", "SE_3_2=identity", "SE_5_3=identity", "SE_5*=identity"])
    said = retrace(small, image, arms)
    best = said.top(0, 1)[0].index
    followed = best if target is None else target
    assert (ours.target.index, ours.rule) == (followed, "identity")
    assert ours.target.probability == pytest.approx(said.probabilities[0, followed])
    at = {name: i for i, name in enumerate(ours.sites)}
    for arm, (row, name) in enumerate([(0, "SE_3_2"), (0, "SE_5_3"), (1, "SE_5_1")], start=1):
        column = at[name]
        change = said.logits[arm] - said.logits[0]
        assert ours.logit[row, column] == pytest.approx(change[followed], abs=1e-5)
        moved = said.probabilities[arm, followed] - said.probabilities[0, followed]
        assert ours.probability[row, column] == pytest.approx(moved, abs=1e-6)
        assert ours.flipped[row, column] == (said.logits[arm].argmax() != best)


def test_of_the_last_block_alone_and_onward_are_the_same_and_of_the_first_it_is_the_network(
    small, image
):
    ours = necessity(small, image, Rule("identity"))
    assert ours.logit.shape == (2, 16)
    assert ours.logit[0, -1] == ours.logit[1, -1]
    whole = retrace(small, image, [INTACT, Arm("off", (Edit(Rule("identity")),))]).logits
    expected = whole[1, ours.target.index] - whole[0, ours.target.index]
    assert ours.logit[1, 0] == pytest.approx(expected, abs=1e-5)


def test_a_photographs_own_gates_are_not_missed(small, image):
    own = {name: s[0] for name, s in retrace(small, image, [INTACT]).s.items()}
    ours = necessity(small, image, Rule("static"), recorded={Rule("static"): own})
    np.testing.assert_allclose(ours.logit, 0, atol=1e-5)
    assert not ours.flipped.any()


def test_with_a_sigmoid_head_each_class_is_there_or_not(small, image):
    small = replace(small, source=replace(small.source, head="sigmoid"))
    ours = necessity(small, image, Rule("identity"), target=7)
    said = retrace(small, image, parse_arms(["intact", "SE_5_3=identity"]))
    one = 1 / (1 + np.exp(-said.logits[:, 7].astype(np.float64)))
    assert ours.target.probability == pytest.approx(one[0])
    assert ours.probability[0, -1] == pytest.approx(one[1] - one[0], abs=1e-6)
    assert ours.flipped[0, -1] == ((said.logits[0] > 0) != (said.logits[1] > 0)).any()


def test_of_a_difference_the_change_is_that_of_the_difference_of_the_logits(small, image):
    pair = necessity(small, image, Rule("identity"), target=Difference(7, 3))
    first, second = (necessity(small, image, Rule("identity"), target=of) for of in (7, 3))
    np.testing.assert_allclose(pair.logit, first.logit - second.logit, atol=1e-5)
    before = first.target.logit - second.target.logit
    changed = 1 / (1 + np.exp(-(before + pair.logit))) - 1 / (1 + np.exp(-before))
    np.testing.assert_allclose(pair.probability, changed, atol=1e-6)
    assert np.array_equal(pair.flipped, first.flipped)
