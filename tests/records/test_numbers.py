import numpy as np
import pytest

from seviz.records.numbers import softmax, strongest


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
