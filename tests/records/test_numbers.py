import numpy as np
import pytest

from seviz.records.numbers import (
    SIGMOID,
    SOFTMAX,
    answers_differ,
    divergence,
    probabilities,
    softmax,
    strongest,
)


def test_probabilities_are_those_of_the_formula_in_float64():
    logits = np.log(np.float32([[1, 2, 5], [3, 3, 3]]))
    found = softmax(logits)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[1 / 8, 2 / 8, 5 / 8], [1 / 3] * 3], rtol=1e-6)


@pytest.mark.parametrize("shift", [1e4, -1e4])
def test_large_logits_do_not_overflow(shift: float):
    found = softmax(np.float32([shift, shift + 1]))
    np.testing.assert_allclose(found, [1 / (1 + np.e), np.e / (1 + np.e)], rtol=1e-6)


def test_the_strongest_channels_are_of_either_sign_and_ties_keep_the_order_of_depth():
    values = {"b": np.array([1.0, -3.0]), "a": np.array([3.0, 0.5, -1.0])}
    assert strongest(values, 4) == [("b", 1), ("a", 0), ("b", 0), ("a", 2)]
    assert len(strongest(values, 9)) == 5


def test_each_class_of_a_sigmoid_head_has_a_probability_of_its_own():
    logits = np.log(np.float32([[1, 3, 1 / 3]]))
    found = probabilities(logits, SIGMOID)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[1 / 2, 3 / 4, 1 / 4]], rtol=1e-6)
    np.testing.assert_allclose(probabilities(logits, SOFTMAX), softmax(logits))
    far = probabilities(np.float32([-1e4, 1e4, 0]), SIGMOID)
    assert far.tolist() == [0, 1, 0.5]


def test_answers_differ_by_the_first_class_or_by_the_classes_that_are_there():
    a, b = np.float32([[2, 1, -1], [2, 1, -1]]), np.float32([[3, -1, -2], [1, 2, -1]])
    assert answers_differ(a, b, SOFTMAX).tolist() == [False, True]
    assert answers_differ(a, b, SIGMOID).tolist() == [True, False]
    assert answers_differ(np.float32([0.5]), np.float32([-0.5]), SIGMOID)


def test_the_divergence_is_that_of_the_formula():
    a, b = np.log(np.float32([1, 3])), np.log(np.float32([1, 1]))
    expected = 0.25 * np.log(0.25 / 0.5) + 0.75 * np.log(0.75 / 0.5)
    assert divergence(a, b, SOFTMAX) == pytest.approx(expected, rel=1e-6)
    p, q = np.array([1 / 2, 3 / 4]), np.array([1 / 2, 1 / 2])
    expected = (p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))).sum()
    assert divergence(a, b, SIGMOID) == pytest.approx(expected, rel=1e-6)
    assert divergence(a, a, SIGMOID) == divergence(a, a, SOFTMAX) == 0
