from dataclasses import asdict

import numpy as np
import pytest
from made_collection import made_collection

from seviz.analysis.cka import gate_similarity
from seviz.answers.gate_similarity import similarity_report
from seviz.answers.nulls import with_reasons


def test_similarities_are_numbers_or_null_with_a_reason():
    gates = {"SE_2_1": np.random.default_rng(0).random((5, 2)).tolist(), "SE_2_2": [[0.5] * 3] * 5}
    one = made_collection(gates, [""] * 5)
    found = similarity_report(gate_similarity(one, one))
    assert found.cka[0][0] == pytest.approx(1)
    assert found.cka[0][1] is None is found.cka[1][1]
    assert (found.constant_a, found.count) == (["SE_2_2"], 5)
    with_reasons(asdict(found))
