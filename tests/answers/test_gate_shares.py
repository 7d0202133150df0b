"""The difference between two arms, shared out over all gates."""

import pytest

from seviz.answers.attribution import attribution_report
from seviz.answers.gate_shares import shares_between
from seviz.errors import UserError


def test_gates_are_shared_out_between_two_arms_that_have_them(photo):
    found = attribution_report("embedded", photo, arms=["intact", "twin"], shares=True)
    assert found.gates is None and found.report.gates is None
    with pytest.raises(UserError, match="The twin without SE has no gates"):
        shares_between(found.trace, 0)
