from dataclasses import replace

import numpy as np
import pytest
from made_profile import made_block
from made_ranges import made_ranges

from seviz.records.analysis import ChannelEffect, Drivers, Effects, Necessity
from seviz.records.target import Contrast
from seviz.records.trace import Answer
from seviz.reference.diagnosis import diagnose
from seviz.words.matters import (
    diagnosis_words,
    gate_facts,
    lost_words,
    moving_words,
    necessity_words,
)


@pytest.mark.parametrize(
    ("s", "std", "says"),
    [
        ([0.01, 0.02], [0.1, 0.1], "SE_2_1 is dead: 100.0 % of its gates are under 0.05"),
        ([0.99, 0.98], [0.1, 0.1], "SE_2_1 is saturated: 100.0 % of its gates are over 0.95"),
        ([0.5, 0.5], [0.0, 0.0], "none of its 2 gates has a standard deviation over 0.01"),
        ([0.5, 0.99], [0.1, 0.1], "SE_2_1 is at work: 50 % of its gates are over 0.95, 0.0 % un"),
        ([0.5, 0.99], [0.1, 0.1], "under 0.05; all 2 channels move."),
        ([0.5, 0.5], [0.1, 0.0], "under 0.05; 1 of 2 channels moves; the rest stand still."),
    ],
)
def test_a_diagnosis_is_one_sentence(s: list[float], std: list[float], says: str):
    found = diagnose("SE_2_1", np.float32(s), made_block(s_std=np.float32(std)))
    assert says in diagnosis_words(found)
    assert diagnosis_words(found).endswith(".")


def test_a_block_that_int8_would_harm_gets_one_sentence_more():
    known = {"ranges": made_ranges("SE_2_1", 0.25, 0.5)}
    found = diagnose("SE_2_1", np.float32([0.5, 0.99]), None, **known)
    assert lost_words(found).startswith("In int8 with one scale for s·U, SE_2_1 would lose")
    plain = diagnose("SE_2_1", np.float32([0.5, 0.99]), None)
    assert diagnosis_words(found) == f"{diagnosis_words(plain)} {lost_words(found)}"
    assert lost_words(plain) == ""


def test_channels_that_move_are_counted():
    assert moving_words(16, 640) == "16 of 640 channels move; the rest stand still"
    assert moving_words(0, 640) == "0 of 640 channels move; the rest stand still"


def made_necessity(
    rule: str, alone: list[float], probability: list[float], flips: list[bool]
) -> Necessity:
    """Make what one rule does to three blocks; flips: with all after each."""
    return Necessity(
        model="made",
        rule=rule,
        target=Answer(0, "lion", 0.5, 1.0),
        sites=("SE_2_1", "SE_3_4", "SE_5_1"),
        logit=np.array([alone, alone], np.float32),
        probability=np.array([probability, probability]),
        flipped=np.array([[False] * 3, flips]),
    )


@pytest.mark.parametrize(
    ("rule", "alone", "probability", "flips", "says"),
    [
        (
            "static",
            [0.5, -3.1, 0.0],
            [0.01, -0.12, 0.0],
            [True, True, False],
            "Holding the gates of SE_3_4 at their mean moves “lion” most: its logit "
            "falls by 3.10 and its probability by 12.0 percentage points. The gates from SE_5_1 to "
            "the end can be replaced together and the top answer stays; with those of SE_3_4 too, "
            "it changes, and so it does from every earlier block on.",
        ),
        (
            "identity",
            [2.0, -1.0, 0.0],
            [-0.001, 0.0, 0.0],
            [False, False, False],
            "Setting the gates of SE_2_1 to 1 moves “lion” most: its logit rises by "
            "2.00 and its probability falls by 0.1 percentage points, as other logits rise more. "
            "The top answer stays, from whichever block on all gates are replaced together.",
        ),
        (
            "uniform",
            [0.0, 0.0, 1.0],
            [0.0, 0.0, 0.5],
            [False, False, True],
            "Setting the gates of SE_5_1 to their block’s mean moves “lion” most: its "
            "logit rises by 1.00 and its probability by 50.0 percentage points. With the gates of "
            "SE_5_1, the last block, replaced, the top answer changes. Yet replaced from SE_2_1 or "
            "SE_3_4 on, it is the same again.",
        ),
    ],
)
def test_the_block_an_answer_needs_most_is_told_with_those_it_can_do_without(
    rule, alone, probability, flips, says
):
    assert necessity_words(made_necessity(rule, alone, probability, flips)) == says


@pytest.mark.parametrize(
    ("flips", "says"),
    [
        ([False, False, False], "points. The top answer stays"),
        ([True, False, False], "points. SE_2_1, replaced alone, changes the top answer. The top"),
        (
            [True, False, True],
            "points. SE_2_1 and SE_5_1, each replaced alone, change the top answer. The top",
        ),
    ],
)
def test_blocks_that_alone_change_the_top_answer_are_named(flips: list[bool], says: str):
    found = made_necessity("static", [1.0] * 3, [0.0] * 3, [False] * 3)
    said = necessity_words(replace(found, flipped=np.array([flips, [False] * 3])))
    assert says in said


def test_of_two_classes_the_lead_is_told():
    two = Contrast(0, "lion rather than cat", 0.9, 2.0, 1, ("lion", "cat"))
    found = made_necessity("static", [0.5, -3.1, 0.0], [0.01, -0.12, 0.0], [False] * 3)
    moved = (
        "most: its lead falls by 3.10 and its probability if only these two counted by 12.0 perc"
    )
    assert f"moves “lion rather than cat” {moved}" in necessity_words(replace(found, target=two))
    effects = Effects(two, {"SE_3_1": np.array([0.25], np.float32)}, ())
    driven = Drivers("SE_3_1", 0, np.zeros(1, np.float32), np.zeros(1, np.float32))
    assert "adds 0.250 to the lead of lion over cat (logit of lion − logit of cat), to first" in (
        gate_facts(effects, driven, s=0.5, place=None)
    )


def test_an_answer_that_comes_back_in_many_blocks_is_told_with_their_count():
    five = replace(
        made_necessity("static", [1.0] * 3, [0.0] * 3, [False] * 3),
        sites=tuple(f"SE_2_{i}" for i in range(1, 7)),
        logit=np.ones((2, 6), np.float32),
        probability=np.zeros((2, 6)),
        flipped=np.array([[False] * 6, [False] * 5 + [True]]),
    )
    said = necessity_words(five)
    assert said.endswith("Yet replaced from 5 of the 5 earlier blocks on, it is the same again.")
    first = replace(five, flipped=np.array([[False] * 6, [True] + [False] * 5]))
    assert necessity_words(first).endswith("with those of SE_2_1 too, it changes.")


@pytest.mark.parametrize(
    ("first_order", "exact", "says"),
    [
        (2.935, 0.664, "adds 0.664 to the logit of lion, measured by setting it to 0. The z"),
        (
            -2.082,
            3.914,
            "adds 3.914 to the logit of lion, measured by setting it to 0 (first order says "
            "−2.082, with the other sign: the network is far from linear in this gate). The z",
        ),
        (0.25, -0.5, "takes 0.500 from the logit of lion, measured by setting it to 0 (first or"),
    ],
)
def test_a_gate_is_told_by_its_exact_effect_where_it_was_measured(
    first_order: float, exact: float, says: str
):
    top = (ChannelEffect("SE_3_1", 1, 0.5, first_order, exact),)
    found = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_3_1": np.float32([0.0, first_order])}, top)
    driven = Drivers("SE_3_1", 1, np.zeros(2, np.float32), np.array([-0.125, 0.0625], np.float32))
    assert says in gate_facts(found, driven, s=0.5, place=None)


def test_a_gate_is_told_with_its_effect_its_standing_and_its_drivers():
    found = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_3_1": np.array([0.25, -0.5], np.float32)}, ())
    driven = Drivers("SE_3_1", 1, np.zeros(2, np.float32), np.array([-0.125, 0.0625], np.float32))
    assert gate_facts(found, driven, s=0.5, place=83.4) == (
        "Gate 1 of SE_3_1 (s = 0.5000) takes 0.500 from the logit of lion, to first order; it is "
        "larger than for 83 % of reference images. The z of channel 1 opens it "
        "most (slope ∂s/∂z = 0.0625), the z of channel 0 shuts it most (slope ∂s/∂z = −0.125)."
    )
    saturated = replace(driven, jacobian=np.zeros(2, np.float32))
    assert gate_facts(found, saturated, s=1.0, place=None).endswith(". No z moves it.")
    opened = replace(driven, jacobian=np.array([0.5, 0.25], np.float32))
    assert gate_facts(found, opened, s=0.5, place=None).endswith(
        ". The z of channel 0 opens it most (slope ∂s/∂z = 0.5)."
    )
    adds = gate_facts(found, replace(driven, channel=0), s=0.5, place=None)
    assert adds.startswith(
        "Gate 0 of SE_3_1 (s = 0.5000) adds 0.250 to the logit of lion, to first order. The z"
    )


def test_a_negative_gate_is_raised_and_lowered_not_opened_and_shut():
    found = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_3_1": np.array([0.25], np.float32)}, ())
    driven = Drivers("SE_3_1", 0, np.zeros(2, np.float32), np.array([-0.125, 0.0625], np.float32))
    said = gate_facts(found, driven, s=-0.25, place=None)
    assert said.startswith("Gate 0 of SE_3_1 (s = −0.2500) adds 0.250")
    assert said.endswith(
        "The z of channel 1 raises it most (slope ∂s/∂z = 0.0625), the z of channel 0 "
        "lowers it most (slope ∂s/∂z = −0.125)."
    )


def test_gates_that_may_be_negative_are_shut_around_0():
    found = diagnose("SE_2_1", np.float32([-0.5, 0.01]), None)
    assert diagnosis_words(found) == (
        "SE_2_1 is at work: 0.0 % of its gates are over 0.95, 50 % within 0.05 of 0."
    )
