from dataclasses import asdict

import numpy as np
import pytest
from made_collection import found, made_collection

from seviz.analysis.cka import gate_similarity
from seviz.answers.gate_similarity import (
    SIMILARITY_HEADS,
    GateSimilarityReport,
    check_both_have_gates,
    measure_similarity,
    similarity_report,
    similarity_rows,
)
from seviz.answers.nulls import with_reasons
from seviz.errors import UserError
from seviz.passes.collection import pass_collection
from seviz.passes.dispatch import ask
from seviz.photos.collect import collect
from seviz.watch import Watch


def test_similarities_are_numbers_or_null_with_a_reason():
    gates = {"SE_2_1": np.random.default_rng(0).random((5, 2)).tolist(), "SE_2_2": [[0.5] * 3] * 5}
    one = made_collection(gates, [""] * 5)
    found = similarity_report(gate_similarity(one, one))
    assert found.cka[0][0] == pytest.approx(1)
    assert found.cka[0][1] is None is found.cka[1][1]
    assert (found.constant_a, found.count) == (["SE_2_2"], 5)
    with_reasons(asdict(found))


def test_each_block_of_a_is_beside_the_one_of_b_that_is_most_alike():
    cka = [[0.25, 0.5], [None, None], [0.9, 0.1]]
    made = GateSimilarityReport("", "a", "b", ["x", "y", "z"], ["x", "w"], cka, ["y"], [], 9, "")
    rows = list(similarity_rows(made))
    assert rows == [("x", "w", "0.50", "0.25"), ("y", "constant", "", ""), ("z", "x", "0.90", "")]
    assert len(SIMILARITY_HEADS) == 4


def test_both_networks_pass_the_same_photographs_and_one_twice_passes_once():
    class Shares(Watch):
        def report(self, share: float) -> None:
            shares.append(share)

    shares: list[float] = []
    photographs = collect(found(*"abcde"), name="{}")
    similar = measure_similarity("lab_resnet_se", "embedded", photographs, watch=Shares())
    passed = [ask(pass_collection, key, photographs) for key in ("lab_resnet_se", "embedded")]
    np.testing.assert_allclose(similar.cka, gate_similarity(*passed).cka, atol=1e-4)
    assert shares == sorted(shares) and shares[-1] == 1
    own = measure_similarity("embedded", "embedded", photographs)
    assert own.blocks_a == own.blocks_b
    np.testing.assert_allclose(np.diag(own.cka), 1, atol=1e-6)


def test_networks_without_gates_are_refused_by_name():
    check_both_have_gates("embedded", "lab_resnet_se")
    for keys in (("embedded", "twin"), ("twin", "embedded")):
        with pytest.raises(UserError, match=r"the twin without SE has no gates, so there is no si"):
            check_both_have_gates(*keys)
