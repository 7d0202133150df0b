import numpy as np

from seviz.records.numbers import softmax, strongest


def test_softmax_is_along_the_last_axis_and_of_large_logits_finite():
    logits = np.array([[0.0, np.log(3.0)], [1000.0, 0.0]], np.float32)
    np.testing.assert_allclose(softmax(logits), [[0.25, 0.75], [1.0, 0.0]], rtol=1e-7)


def test_the_strongest_channels_are_of_either_sign_and_ties_keep_the_order_of_depth():
    values = {"b": np.array([1.0, -3.0]), "a": np.array([3.0, 0.5, -1.0])}
    assert strongest(values, 4) == [("b", 1), ("a", 0), ("b", 0), ("a", 2)]
    assert len(strongest(values, 9)) == 5
