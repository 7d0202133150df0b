from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.errors import UserError
from seviz.records.trace import Answer


def test_confidence_is_the_first_answers_probability_at_the_measured_temperature():
    trace = made_trace([[np.log(9.0), 0.0], [0.0, 0.0]])
    assert trace.confidence(0) is None
    measured = replace(trace, temperature=2.0)
    assert measured.confidence(0) == pytest.approx(0.75)  # the root of 9 against 1
    assert measured.confidence(1) == pytest.approx(0.5)


def test_probabilities_are_the_softmax_of_each_arm():
    trace = made_trace([[0.0, np.log(3.0)], [5.0, 5.0]])
    np.testing.assert_allclose(trace.probabilities, [[0.25, 0.75], [0.5, 0.5]], rtol=1e-7)


def test_probabilities_of_large_logits_stay_finite():
    assert made_trace([[1000.0, 0.0]]).probabilities.tolist() == [[1.0, 0.0]]


def test_an_answer_is_of_the_class_asked_for_or_else_the_most_probable():
    trace = made_trace([[0.0, np.log(3.0), np.log(3.0)]])
    for index in (0, 2):
        assert Answer.of(trace.logits[0], trace.labels, index) == trace.answer(0, index)
    assert Answer.of(trace.logits[0], trace.labels) == trace.top(0, 1)[0] == trace.answer(0, 1)


def test_top_is_sorted_and_ties_keep_the_order_of_classes():
    top = made_trace([[1.0, 3.0, 3.0, 2.0]]).top(0, 3)
    assert [answer.index for answer in top] == [1, 2, 3]
    assert [answer.label for answer in top] == ["b", "c", "d"]
    assert top[0].logit == 3.0


def test_top_of_more_classes_than_there_are_gives_all():
    assert len(made_trace([[1.0, 2.0]]).top(0, 5)) == 2


def test_reduction_is_measured_not_nominal():
    assert made_trace([[0.0]]).site("SE_2_1").reduction == 1.5


def test_an_unknown_site_is_a_key_error():
    with pytest.raises(KeyError):
        made_trace([[0.0]]).site("SE_9_9")


def test_one_output_is_as_probable_as_its_sigmoid():
    trace = replace(made_trace([[np.log(3.0)], [0.0]]), labels=("cat",), head="sigmoid")
    assert trace.top(0, 5) == [Answer(0, "cat", pytest.approx(0.75), pytest.approx(np.log(3)))]
    assert trace.answer(1, 0).probability == 0.5
    found = Answer.of(np.float32([0.0]), ("cat",), head="sigmoid")
    assert found == Answer(0, "cat", 0.5, 0.0)


def test_without_a_head_there_is_no_answer():
    trace = replace(made_trace([[0.0]]), labels=(), logits=np.zeros((1, 0), np.float32))
    with pytest.raises(UserError, match="This network has no head, so it gives no answers"):
        trace.top(0, 1)
    with pytest.raises(UserError, match="This network has no head"):
        Answer.of(trace.logits[0], ())
