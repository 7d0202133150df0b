import numpy as np
import pytest
from made_drift import made_drift, made_passed

from seviz.errors import UserError
from seviz.records.drift import Changing


def test_points_are_ordered_from_the_unchanged_one_on():
    drift = made_drift(100, strengths=(100, 50, 5))
    more = drift.with_points([made_passed(20), made_passed(50, logits=(9.0, 0.0, 0.0))])
    assert more.strengths == more.changing.strengths == (100, 50, 20, 5)
    assert more.at(50).logits[0, 0] == 9
    assert more.unchanged.strength == 100
    assert more.at(21) is None
    assert drift.strengths == (100, 50, 5)


def test_some_points_stay_with_the_unchanged_one():
    some = made_drift(100, strengths=(100, 50, 20, 5)).only(5, 50, 21)
    assert some.strengths == some.changing.strengths == (100, 50, 5)
    assert some.unchanged.strength == 100


def test_chances_are_the_heads():
    drift = made_drift(0, strengths=(0, 1))
    three = np.exp([1.0, 0.0, 0.0])
    assert drift.chances(0, 0).tolist() == pytest.approx([three[0] / three.sum()] * 2)
    answer = drift.answer(drift.points[1], 1)
    assert (answer.index, answer.label) == (0, "a")
    assert drift.answer(drift.points[1], 1, 2).label == "c"


def test_without_a_head_there_is_no_answer():
    drift = made_drift(0, strengths=(0, 1), labels=())
    with pytest.raises(UserError, match="has no head"):
        drift.answer(drift.unchanged, 0)


def test_a_change_is_known_by_all_but_its_strengths():
    one = Changing("jigsaw", (1, 4), seed=2)
    assert one.is_like(one.at(7))
    assert one.at(7).strengths == (7,)
    assert not one.is_like(Changing("jigsaw", (1, 4), seed=3))
    assert not one.is_like(Changing("noisy", (1, 4), seed=2))
    mask = np.eye(2, dtype=np.bool_)
    painted = Changing("painted", (50,), mask=mask)
    assert painted.is_like(Changing("painted", (9,), mask=mask.copy()))
    assert not painted.is_like(Changing("painted", (50,), mask=~mask))
    assert not painted.is_like(Changing("painted", (50,)))
    assert not Changing("painted", (50,)).is_like(painted)
