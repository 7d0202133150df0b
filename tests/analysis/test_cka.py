from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from made_collection import made_collection

from seviz.analysis import cka
from seviz.analysis.cka import gate_similarity, linear_cka, unbiased_hsic
from seviz.errors import UserError


def by_definition(k: np.ndarray, l: np.ndarray) -> float:  # noqa: E741
    """HSIC as the mean over all ordered quadruples of different images (Song et al., 2012)."""
    rows = permutations(range(len(k)), 4)
    terms = [k[i, j] * (l[i, j] + l[q, r] - 2 * l[i, q]) for i, j, q, r in rows]
    return float(np.mean(terms))


@pytest.mark.parametrize("count", [4, 6])
def test_hsic_is_the_mean_over_all_quadruples(count: int):
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(count, 3)), draw.normal(size=(count, 5))
    k, l = x @ x.T, y @ y.T  # noqa: E741
    assert unbiased_hsic(k, l) == pytest.approx(by_definition(k, l))
    assert k[0, 0] != 0  # what is given stays as it is


def test_the_same_features_have_cka_1_however_they_are_turned_scaled_and_shifted():
    x = np.random.default_rng(1).normal(size=(20, 6)).astype(np.float32)
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(6, 6)))
    other = (3 * x @ turn + 7).astype(np.float32)
    assert linear_cka(x, x) == pytest.approx(1)
    assert linear_cka(x, other) == pytest.approx(1, abs=1e-4)
    assert linear_cka(x, x[:, ::-1]) == pytest.approx(1)


def test_unrelated_features_are_about_0_also_with_many_more_channels_than_images():
    draw = np.random.default_rng(3)
    found = [
        linear_cka(draw.normal(size=(12, 500)), draw.normal(size=(12, 500))) for _ in range(40)
    ]
    assert abs(np.mean(found)) < 0.03  # the usual estimate gives over 0.9 here


def test_a_constant_has_no_cka():
    x = np.random.default_rng(4).normal(size=(8, 3)).astype(np.float32)
    assert np.isnan(linear_cka(x, np.full((8, 2), 0.5, np.float32)))


def test_too_few_images_are_one_sentence_and_other_images_a_fault():
    x = np.zeros((3, 2), np.float32)
    with pytest.raises(UserError, match="needs 4 photographs or more, and 3 are here"):
        linear_cka(x, x)
    with pytest.raises(ValueError, match="3 and 4 images"):
        linear_cka(x, np.zeros((4, 2), np.float32))


GATES = {
    "SE_2_1": [[0.1, 0.9], [0.4, 0.2], [0.8, 0.5], [0.3, 0.3], [0.9, 0.1]],
    "SE_2_2": [[0.5, 0.5, 0.5]] * 5,
}


def test_each_block_is_compared_with_each_and_constant_ones_are_named():
    one = made_collection(GATES, [""] * 5)
    turned = {"SE_2_1": GATES["SE_2_1"], "SE_2_2": [[*row, 0.2] for row in GATES["SE_2_1"]]}
    other = replace(made_collection(turned, [""] * 5), model="other")
    found = gate_similarity(one, other)
    assert (found.blocks_a, found.blocks_b) == (("SE_2_1", "SE_2_2"),) * 2
    np.testing.assert_allclose(found.cka, [[1, 1], [np.nan, np.nan]], atol=1e-5)
    assert (found.constant_a, found.constant_b) == (("SE_2_2",), ())
    assert found.count == 5
    assert found.same_name[0] == ("SE_2_1", pytest.approx(1))
    assert np.isnan(found.same_name[1][1])


def test_of_many_images_an_even_part_is_taken(monkeypatch):
    monkeypatch.setattr(cka, "MOST", 4)
    one = made_collection(GATES, [""] * 5)
    found = gate_similarity(one, one)
    assert found.count == 4
    assert found.cka[0, 0] == pytest.approx(1)


def test_what_cant_be_compared_is_one_sentence():
    one = made_collection(GATES, [""] * 5)
    with pytest.raises(UserError, match="without SE has no gates"):
        gate_similarity(one, replace(one, sites=(), s={}))
    few = made_collection({name: rows[:4] for name, rows in GATES.items()}, [""] * 4)
    with pytest.raises(UserError, match="asked about the same photographs"):
        gate_similarity(one, few)
