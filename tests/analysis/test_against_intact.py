from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from scipy.special import rel_entr, softmax

from seviz.analysis.against_intact import compare
from seviz.records.arms import IDENTITY, INTACT


def test_an_arm_is_held_against_the_intact_answer():
    trace = made_trace([[np.log(3.0), 0.0], [0.0, np.log(9.0)]])  # 3:1 and 1:9
    against = compare(trace, 1)
    assert against.target == 0
    assert against.logit == pytest.approx(-np.log(3.0))
    assert against.probability == pytest.approx(0.1 - 0.75)
    assert against.divergence == pytest.approx(rel_entr([0.75, 0.25], [0.1, 0.9]).sum())
    assert against.flipped
    other = compare(trace, 1, target=1)
    assert (other.target, other.probability) == (1, pytest.approx(0.9 - 0.25))


def test_an_arm_that_changes_nothing_differs_in_nothing():
    trace = made_trace([[3.0, 1.0], [3.0, 1.0]])
    assert vars(compare(trace, 1)) == {
        "target": 0,
        "logit": 0.0,
        "probability": 0.0,
        "divergence": 0.0,
        "flipped": False,
        "shift": None,
    }
    assert compare(trace, 0) == compare(trace, 1)


def test_the_divergence_of_answers_that_are_nearly_equal_is_exact():
    draw = np.random.default_rng(0)
    for _ in range(20):
        intact = draw.normal(0, 2, 6).astype(np.float32)
        arm = intact + draw.normal(0, 1e-3, 6).astype(np.float32)
        p, q = (softmax(logits.astype(np.float64)) for logits in (intact, arm))
        found = compare(made_trace([intact, arm]), 1).divergence
        assert found == pytest.approx(rel_entr(p, q).sum(), rel=1e-3)
        assert found < 1e-5


def test_the_divergence_is_never_negative():
    draw = np.random.default_rng(1)
    for _ in range(300):
        intact = draw.normal(0, 2, 6).astype(np.float32)
        intact[3], arm = -20, intact.copy()
        arm[3] = -19.999998  # of a class so rare that the divergence is smaller than its rounding
        assert compare(made_trace([intact, arm]), 1).divergence >= 0


def test_the_shift_is_the_largest_of_the_blocks_and_the_twin_has_none():
    trace = made_trace([[3.0, 1.0], [3.0, 1.0]])
    of_blocks = {"SE_2_1": np.array([0, 0.5]), "SE_2_2": np.array([0, 0.25])}
    assert compare(replace(trace, shift=of_blocks), 1).shift == 0.5
    none = {"SE_2_1": np.array([0, np.nan])}
    assert compare(replace(trace, shift=none), 1).shift is None


def test_divergence_is_finite_where_a_probability_underflows():
    assert compare(made_trace([[0.0, -2000.0], [-2000.0, 0.0]]), 1).divergence == pytest.approx(
        2000
    )


def test_without_an_intact_arm_there_is_nothing_to_compare_with():
    trace = made_trace([[1.0, 0.0], [0.0, 1.0]])
    object.__setattr__(trace, "arms", (IDENTITY, IDENTITY))
    assert compare(trace, 0) is None
    object.__setattr__(trace, "arms", (IDENTITY, INTACT))
    assert compare(trace, 0).target == 1


def test_of_one_output_the_sigmoid_is_compared():
    trace = replace(made_trace([[np.log(3.0)], [-np.log(9.0)]]), head="sigmoid")  # 3:1 and 1:9
    against = compare(trace, 1)
    assert against.probability == pytest.approx(0.1 - 0.75)
    assert against.divergence == pytest.approx(rel_entr([0.75, 0.25], [0.1, 0.9]).sum())
    assert against.flipped
    assert not compare(trace, 0).flipped
