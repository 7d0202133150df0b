from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from made_profile import EVENLY, made_block, made_profile

from seviz.analysis.movers import Mover, movers, movers_against_arm
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.records.trace import Trace

STEADY = np.stack([EVENLY, EVENLY, EVENLY], 1).astype(np.float32)


def made(first: list[float], second: list[float]) -> Trace:
    """Make a trace of the gates of two blocks, whose second arm has all gates at ½."""
    s = {
        name: np.float32([gates, [0.5] * len(gates)])
        for name, gates in (("SE_2_1", first), ("SE_2_2", second))
    }
    return replace(made_trace([[1.0, 0.0], [1.0, 0.0]]), s=s, arms=(INTACT, IDENTITY))


def block(mean: list[float], std: list[float]):
    return made_block(s_mean=np.float32(mean), s_std=np.float32(std), s_quantiles=STEADY)


PROFILE = made_profile(
    block([0.5, 0.5, 0.5], [0.125, 0.25, 0.0078125]), block([0.25, 0.5, 0.75], [0.25, 0.25, 0.0625])
)


def test_gates_are_ranked_by_their_standard_deviations_over_all_blocks():
    trace = made([0.75, 0.25, 0.9375], [0.75, 0.5, 0.625])
    opened, closed = movers(trace, PROFILE, 5)
    # (0.75 − 0.5) / 0.125 = 2 and (0.75 − 0.25) / 0.25 = 2: ties keep the order of depth
    assert opened == (
        Mover("SE_2_1", 0, 0.75, 0.5, 2.0, 75.0),
        Mover("SE_2_2", 0, 0.75, 0.25, 2.0, 75.0),
    )
    # (0.625 − 0.75) / 0.0625 = −2 before (0.25 − 0.5) / 0.25 = −1
    assert closed == (
        Mover("SE_2_2", 2, 0.625, 0.75, -2.0, 62.5),
        Mover("SE_2_1", 1, 0.25, 0.5, -1.0, 25.0),
    )


def test_a_gate_that_never_moves_is_left_out_however_far_it_is():
    trace = made([0.5, 0.5, 0.9375], [0.25, 0.5, 0.75])  # 56 deviations at a deviation of 0.008
    assert movers(trace, PROFILE, 3) == ((), ())


def test_no_more_than_the_count_are_listed():
    trace = made([0.75, 0.25, 0.5], [0.75, 0.5, 0.625])
    opened, closed = movers(trace, PROFILE, 1)
    assert [(m.site, m.channel) for m in (*opened, *closed)] == [("SE_2_1", 0), ("SE_2_2", 2)]


def test_without_statistics_gates_are_compared_with_those_of_another_arm():
    opened, closed = movers_against_arm(made([0.75, 0.25, 0.5], [1.0, 0.375, 0.5]), 1, 2)
    assert opened == (Mover("SE_2_2", 0, 1.0, 0.5), Mover("SE_2_1", 0, 0.75, 0.5))
    assert closed == (Mover("SE_2_1", 1, 0.25, 0.5), Mover("SE_2_2", 1, 0.375, 0.5))


@pytest.mark.parametrize("count", [1, 9])
def test_beside_the_twin_which_has_no_gates_nothing_moves(count: int):
    trace = made([0.75, 0.25, 0.5], [1.0, 0.375, 0.5])
    s = {
        name: np.stack([gates[0], np.full(3, np.nan, np.float32)])
        for name, gates in trace.s.items()
    }
    assert movers_against_arm(replace(trace, s=s, arms=(INTACT, TWIN)), 1, count) == ((), ())
