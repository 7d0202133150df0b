"""Networks of real size, at 224 pixels, on both devices."""

import pytest
from cuda_sides import EVERY_RULE, Sides, near, near_by_name, recorded_gates
from photos import disc

from seviz.analysis.necessity import necessity
from seviz.passes.forward import trace
from seviz.records.arms import Rule


@pytest.fixture(params=["large", "legacy"])
def sides(request) -> Sides:
    return request.getfixturevalue(request.param)


def test_it_is_of_real_size(sides):
    assert sides.here.input_size == (3, 224, 224)
    assert sum(p.numel() for p in sides.here.model.parameters()) > 28_000_000


def test_a_photograph_is_traced_alike_in_every_arm(sides):
    recorded = recorded_gates(sides.here)
    expected = trace(sides.here, disc(), EVERY_RULE, recorded=recorded)
    found = trace(sides.there, disc(), EVERY_RULE, recorded=recorded)
    for name in ("z", "s", "s_computed", "shift"):
        near_by_name(getattr(found, name), getattr(expected, name))
    near(found.logits, expected.logits)
    answers = [[answer.index for answer in one.top(0, 1)] for one in (found, expected)]
    assert answers[0] == answers[1]


def test_necessity(sides):
    expected, found = (
        necessity(one, sides.image, Rule("identity")) for one in (sides.here, sides.there)
    )
    near(found.logit, expected.logit, 1e-3)
