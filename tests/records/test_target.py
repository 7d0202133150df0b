import numpy as np
import pytest

from seviz.errors import UserError
from seviz.records.numbers import SIGMOID, SOFTMAX
from seviz.records.target import (
    Contrast,
    Difference,
    Gate,
    GateAnswer,
    answer_of,
    chance,
    class_of,
    is_class_target,
    score,
    target_label,
    target_of,
)
from seviz.records.trace import Answer

LABELS = ("cat", "lion", "lynx")
LOGITS = np.float32([1.0, 3.0, 2.5])


@pytest.mark.parametrize("head", [SOFTMAX, SIGMOID])
def test_a_differences_chance_is_the_first_classs_if_one_of_the_two_is_there(head: str):
    p = np.exp(LOGITS.astype(np.float64))
    if head == SOFTMAX:
        p /= p.sum()
        alone, other = p[1], p[2]
    else:  # each class is there or not: one is, and the other is not
        p = p / (1 + p)
        alone, other = p[1] * (1 - p[2]), p[2] * (1 - p[1])
    assert chance(LOGITS, Difference(1, 2), head) == pytest.approx(alone / (alone + other))


def test_a_differences_answer_has_its_label_its_score_and_both_classes():
    found = answer_of(LOGITS, LABELS, Difference(1, 2), head=SOFTMAX)
    assert isinstance(found, Contrast)
    assert (found.label, found.index, found.minus, found.logit) == (
        "lion rather than lynx",
        1,
        2,
        0.5,
    )
    assert found.probability == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert target_of(found) == class_of(found) == Difference(1, 2)


def test_a_classs_answer_is_as_it_was_and_the_first_one_by_default():
    assert answer_of(LOGITS, LABELS, 0, head=SOFTMAX) == Answer.of(LOGITS, LABELS, 0)
    assert answer_of(LOGITS, LABELS, None, head=SOFTMAX).label == "lion"
    assert target_of(Answer.of(LOGITS, LABELS, 2)) == 2
    with pytest.raises(UserError, match="no head"):
        answer_of(LOGITS, (), Difference(0, 1), head=SOFTMAX)


def test_scores_and_chances_are_of_the_last_axis():
    both = np.stack([LOGITS, 2 * LOGITS])
    np.testing.assert_allclose(score(both, Difference(1, 0)), [2, 4])
    np.testing.assert_allclose(score(both, 2), [2.5, 5])
    np.testing.assert_allclose(chance(both, Difference(1, 0), SOFTMAX), 1 / (1 + np.exp([-2, -4])))
    np.testing.assert_allclose(chance(both, 1, SIGMOID), 1 / (1 + np.exp([-3.0, -6.0])))


def test_a_gates_answer_leads_back_to_the_gate():
    answer = GateAnswer("SE_4_6", 17, "gate SE_4_6[17]", 0.25, -1.1)
    assert target_of(answer) == Gate("SE_4_6", 17)
    assert Gate("SE_4_6", 17).name == "SE_4_6[17]"


def test_a_target_has_a_text_that_is_read_again_and_a_label_for_people():
    assert target_label(1, LABELS) == "lion"
    assert target_label(Difference(1, 0), LABELS) == "lion rather than cat"


@pytest.mark.parametrize(
    ("target", "known"),
    [
        (0, True),
        (2, True),
        (3, False),
        (-1, False),
        (True, False),
        ("1", False),
        (None, False),
        (Difference(0, 2), True),
        (Difference(0, 3), False),
        (Difference(1, 1), False),
        (Difference(0, "x"), False),
        (Gate("SE_4_6", 17), False),
    ],
)
def test_what_a_client_forged_is_no_target(target: object, known: bool):
    assert is_class_target(target, 3) is known
