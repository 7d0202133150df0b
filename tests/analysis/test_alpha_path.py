from copy import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from seviz.analysis.alpha_path import alpha_path
from seviz.errors import UserError
from seviz.passes.forward import retrace, trace
from seviz.records.arms import IDENTITY, INTACT


@pytest.fixture(scope="module")
def record(small, photo):
    return trace(small, photo, [INTACT, IDENTITY])


def gates(record, arm: int) -> dict[str, np.ndarray]:
    return {name: s[arm] for name, s in record.s.items()}


def test_its_ends_are_the_intact_and_the_reference_answers(small, record):
    path = alpha_path(
        small,
        record.image,
        s=gates(record, 0),
        reference=gates(record, 1),
        name="identity",
        steps=5,
    )
    assert path.alphas.tolist() == [0, 0.25, 0.5, 0.75, 1]
    scale = np.abs(record.logits).max()
    np.testing.assert_allclose(path.logits[[0, -1]], record.logits, rtol=1e-6, atol=1e-6 * scale)
    np.testing.assert_allclose(path.probabilities.sum(1), 1)
    assert path.reference == "identity"


def test_between_them_every_gate_is_the_recorded_ones_mixture(small, record):
    ones = gates(record, 1)
    path = alpha_path(
        small, record.image, s=gates(record, 0), reference=ones, name="identity", steps=3
    )
    middle = {name: (s + 1) / 2 for name, s in gates(record, 0).items()}
    other = alpha_path(small, record.image, s=middle, reference=ones, name="elsewhere", steps=2)
    np.testing.assert_allclose(path.logits[1], other.logits[0], rtol=1e-5, atol=1e-6)


def test_a_reference_that_overflows_gets_one_sentence(small, record):
    huge = {name: np.full_like(s, 1e38) for name, s in gates(record, 0).items()}
    with pytest.raises(UserError, match=r"In the arm “α = 0\.50” the answer of small overflows"):
        alpha_path(small, record.image, s=gates(record, 0), reference=huge, name="huge", steps=3)


def test_it_is_in_single_precision_like_the_gates_that_it_puts(small, record):
    put, seen = small.probe.put, set()

    def spied(given, **how):
        seen.update(gates.dtype for gates in given.values())
        return put(given, **how)

    loaded = replace(small, probe=copy(small.probe))
    loaded.probe.put = spied
    path = alpha_path(
        loaded,
        record.image,
        s=gates(record, 0),
        reference=gates(record, 1),
        name="identity",
        steps=2,
    )
    assert (path.alphas.dtype, path.logits.dtype) == (np.float32, np.float32)
    assert seen == {torch.float32}


def test_it_is_frozen_where_a_live_mixture_follows_the_blocks_before(small, record):
    from seviz.gates.grammar import parse_arm

    path = alpha_path(
        small,
        record.image,
        s=gates(record, 0),
        reference=gates(record, 1),
        name="identity",
        steps=3,
    )
    live = retrace(small, record.image, [parse_arm("mix(0.5,identity)")])
    assert not np.allclose(path.logits[1], live.logits[0], rtol=1e-4)


def test_its_probabilities_are_those_of_the_head(small, record):
    small = replace(small, source=replace(small.source, head="sigmoid"))
    own = gates(record, 0)
    path = alpha_path(small, record.image, s=own, reference=own, name="own", steps=2)
    expected = 1 / (1 + np.exp(-path.logits.astype(np.float64)))
    np.testing.assert_allclose(path.probabilities, expected)
