from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.analysis.against_intact import Comparison
from seviz.gates.grammar import parse_arm
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN, Arm, name_twin
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps, Trace
from seviz.records.unknown import Unknown
from seviz.words.answers import (
    arm_note,
    change_words,
    channel_facts,
    doubt,
    headline,
    tops_caption,
    twin_words,
    union_of_tops,
)

LOG3 = float(np.log(3.0))


UNIFORM, SHUFFLED = (parse_arm(text) for text in ("uniform", "shuffle@7"))


def made_arms(*arms: Arm, logits: list[list[float]], shifts: Sequence[float] = ()) -> Trace:
    """Make a trace of these arms after the intact one; shifts: of the inputs of later layers."""
    shift = {"SE_2_1": np.float32([0, *shifts])} if shifts else {}
    return replace(made_trace(logits), arms=(INTACT, *arms), shift=shift)


A, B = [LOG3, 0.0], [0.0, LOG3]


@pytest.mark.parametrize(
    ("arm", "says"),
    [
        (STATIC, "With every gate frozen at its average, the network says b (75 %) instead of a"),
        (IDENTITY, "With every gate fully open (1), the network says b (75 %) instead of a (75 %)"),
        (UNIFORM, "With each block’s gates at their mean, the network says b (75 %) instead of a"),
        (SHUFFLED, "With the gates of each block shuffled, the network says b (75 %) instead of"),
        (parse_arm("SE_2_1=0"), "With the edited gates, the network says b (75 %) instead of a (7"),
    ],
)
def test_the_headline_of_one_arm_says_what_was_done_and_what_the_network_says_then(
    arm: Arm, says: str
):
    said = headline(made_arms(arm, logits=[A, B]))
    assert said.startswith(says)
    assert said.endswith("instead of a (75 %).")


def test_a_kept_answer_is_told_with_both_probabilities():
    assert headline(made_arms(STATIC, logits=[A, [0.1, 0.0]], shifts=[0.99])) == (
        "With every gate frozen at its average, the network still says a: 52 % instead of 75 %."
    )


def test_of_one_class_no_network_says_that_it_is_there():
    alone = replace(made_arms(STATIC, logits=[[0.0], [-LOG3]]), labels=("tumour",), head="sigmoid")
    assert headline(alone) == (
        "With every gate frozen at its average, the network gives tumour a probability of 25 % "
        "instead of 50 %."
    )


def test_an_arm_with_inputs_far_from_training_is_told_with_that_caveat():
    off = made_arms(IDENTITY, logits=[A, B], shifts=[8.3])
    caveat = (
        ", but its later layers receive inputs up to 8.3 standard deviations off: read “gates "
        "at 1” with care."
    )
    assert headline(off) == (
        "With every gate fully open (1), the network says b (75 %) instead of a (75 %)" + caveat
    )
    kept = replace(off, logits=np.float32([A, A]))
    assert headline(kept).endswith("the network still says a: 75 %, as before" + caveat)


def test_the_headline_of_two_arms_names_the_one_that_keeps_the_answer_first():
    trace = made_arms(IDENTITY, UNIFORM, logits=[A, B, [0.1, 0.0]], shifts=[8.3, 1.0])
    assert headline(trace) == (
        "The network says a (75 %), still a with each block’s gates at their mean (52 %, inputs "
        "1.0 standard deviations off), but b (75 %, inputs 8.3 standard deviations off) with every "
        "gate fully open (1); read “gates at 1” and “one mean per block” with care."
    )
    one = replace(trace, shift={"SE_2_1": np.float32([0, 8.3, 0.2])})
    assert headline(one).endswith("fully open (1); read “gates at 1” with care.")


def test_the_headline_of_more_arms_counts_the_changes_and_names_the_far_ones():
    trace = made_arms(
        *(IDENTITY, STATIC, UNIFORM, SHUFFLED),
        logits=[A, B, A, [0.1, 0.0], [0.0, 0.1]],
        shifts=[8.3, 0.2, 1.0, 0.5],
    )
    assert headline(trace) == (
        "The network says a (75 %); the top answer changes in 2 of the 4 columns with other gates. "
        "Read “gates at 1” and “one mean per block” with care: later layers’ inputs are far from "
        "training."
    )
    calm = made_arms(IDENTITY, STATIC, UNIFORM, logits=[A, A, A, A], shifts=[0.2, 0.2, 0.5])
    assert headline(calm) == (
        "The network says a (75 %); the top answer changes in none of the 3 columns with other "
        "gates."
    )


def test_several_arms_that_agree_need_no_but():
    trace = made_arms(IDENTITY, STATIC, logits=[A, A, A])
    assert headline(trace) == (
        "The network says a (75 %), still a with every gate fully open (1) (75 %) and with every "
        "gate frozen at its average (75 %)."
    )
    changed = replace(trace, logits=np.float32([A, B, B]))
    assert headline(changed).startswith("The network says a (75 %), but b (75 %) with every gate")


def test_the_twin_is_told_in_a_sentence_of_its_own():
    trace = made_arms(STATIC, TWIN, logits=[A, B, B], shifts=[0.1, np.nan])
    assert headline(trace) == (
        "With every gate frozen at its average, the network says b (75 %) instead of a (75 %). "
        "Trained without SE, its twin says b (75 %)."
    )
    alone = made_arms(TWIN, logits=[A, A])
    assert headline(alone) == (
        "The network says a (75 %). Trained without SE, its twin says a too (75 %)."
    )


def test_a_columns_note_says_how_far_to_trust_it():
    trace = made_arms(*(STATIC, IDENTITY, TWIN), logits=[A, A, B, B], shifts=[0.496, 8.34, np.nan])
    assert [arm_note(trace, row) for row in range(4)] == [
        "",
        "later layers’ inputs shift by ≤ 0.5 SD: small",
        "later layers’ inputs shift by ≤ 8.3 SD: far from training, read with care",
        "another network: it has no gates",
    ]
    assert arm_note(made_arms(STATIC, logits=[A, A]), 1) == ""  # not measured


@pytest.mark.parametrize(
    ("shift", "note", "words"),
    [
        (0.0, "do not shift", "do not shift."),
        (0.001, "by ≤ 0.1 SD: small", "up to 0.01 standard deviations (small)."),
        (0.49, "by ≤ 0.5 SD: small", "up to 0.49 standard deviations (small)."),
        (0.7, "by ≤ 0.7 SD: noticeable", "up to 0.70 standard deviations (noticeable)."),
        (1.0, "by ≤ 1.0 SD: far from", "up to 1.0 standard deviations (large: far from"),
    ],
)
def test_a_shift_of_inputs_is_never_0_unless_there_is_none_and_grows_in_steps(
    shift: float, note: str, words: str
):
    assert note in arm_note(made_arms(STATIC, logits=[A, A], shifts=[shift]), 1)
    change = Comparison(0, -1.0, -0.3, 0.4, flipped=True, shift=shift)
    assert f"The inputs of the next layers {'' if not shift else 'shift by '}{words}" in (
        change_words(change, "lion")
    )


def test_a_probability_that_is_the_same_to_its_digits_is_not_told_twice():
    said = headline(made_arms(STATIC, logits=[A, [LOG3 + 0.001, 0.0]]))
    assert said.endswith("the network still says a: 75 %, as before.")


def test_an_answer_that_is_unsure_by_its_measured_temperature_is_called_a_guess():
    six_alike = replace(made_trace([[0.1, 0.0, 0.0, 0.0, 0.0, 0.0]]), temperature=2.0)
    assert doubt(six_alike) == (
        "The network is unsure of this photograph: where it is as unsure as here, it is right in "
        "about 2 of 10 cases. Take its answer as a guess among its 6 classes."
    )
    assert doubt(replace(six_alike, temperature=0.02)) is None  # so sure is it, honestly
    assert doubt(replace(six_alike, temperature=None)) is None  # nobody knows how sure it is


def test_an_answer_that_photographs_of_other_things_often_get_says_both_rates():
    trace = made_trace([[0.1, 0.0, 0.0, 0.0]])
    found = Unknown(0.2, 0.3, known_below=0.2, unknown_below=0.37, auroc=0.66, calibrated_on="net")
    assert doubt(trace, found) == (
        "The network is unsure here (calibrated: 20 %). So are 20 % of photographs of its own 4 "
        "classes, and 37 % of photographs of anything else: it may show none of its classes."
    )
    assert "else (as measured on 18 of the laboratory’s networks): it may" in str(
        doubt(trace, replace(found, calibrated_on=18))
    )
    assert doubt(trace, replace(found, value=0.31)) is None


def test_the_union_of_tops_has_each_class_of_all_arms_once():
    trace = made_trace([[3.0, 2.0, 0.0, 0.0], [0.0, 2.0, 3.0, 0.0], [0.0, 0.0, 0.0, 9.0]])
    found = union_of_tops(trace, 2, (0, 1))
    assert [of[0].label for of in found] == ["a", "c", "b"]
    assert all(len({answer.index for answer in of}) == 1 for of in found)
    assert found[0][0].probability == trace.probabilities[0, 0]
    assert found[0][1].probability == trace.probabilities[1, 0]
    of_all = union_of_tops(trace, 1)
    assert [of[0].label for of in of_all] == ["a", "d", "c"]
    assert [len(of) for of in of_all] == [3, 3, 3]


def test_the_networks_own_answer_heads_the_union_even_where_an_arm_is_surer():
    found = union_of_tops(made_trace([[1.0, 0.5, 0.0], [0.0, 0.0, 9.0]]), 2)
    assert [of[0].label for of in found] == ["a", "c", "b"]
    assert found[1][1].probability > found[0][0].probability


def test_a_table_of_answers_says_which_it_lists():
    assert tops_caption("Net", 3) == "Net: the 3 most probable answers of each column"
    assert tops_caption("Net", 1) == "Net: the first answer of each column"


def made_maps(s: list[float]) -> FeatureMaps:
    u = np.stack([np.full((2, 2), i - 1.0, np.float32) for i in range(len(s))])
    gates = np.array(s, np.float32)
    return FeatureMaps(Site("p", "SE_3_1", 3, 1, len(s), 1), u, gates, gates, u.mean((1, 2)))


def test_a_gate_that_the_arm_replaced_is_told_with_both_values():
    maps = replace(made_maps([0.2, 0.6]), s=np.ones(2, np.float32))
    assert channel_facts(maps, 0) == (
        "Channel 0 of SE_3_1: squeezed to z = −1, excited to s = 0.2000 (2nd largest of 2), "
        "but in this pass its gate is set to 1."
    )


def test_a_channel_is_told_with_its_z_its_s_and_its_rank():
    assert channel_facts(made_maps([0.2, 0.6, 0.4]), 2) == (
        "Channel 2 of SE_3_1: squeezed to z = 1, excited to s = 0.4000 (2nd largest of 3), "
        "so its gate lets 40 % of it through."
    )


@pytest.mark.parametrize(
    ("s", "channel", "says"),
    [
        ([0.2, 0.97], 1, "(largest of 2), so its gate leaves it almost as it is."),
        ([0.2, 0.01], 1, "(2nd largest of 2), so its gate shuts it off."),
        ([1 - i / 100 for i in range(12)], 10, "(11th largest of 12)"),
    ],
)
def test_gates_near_the_ends_are_named_as_such(s: list[float], channel: int, says: str):
    assert says in channel_facts(made_maps(s), channel)


def test_the_twin_is_told_apart_from_gates_that_are_off():
    trace = made_trace([[LOG3, 0.0], [0.0, 0.0]])
    assert twin_words(trace) is None
    assert twin_words(replace(trace, arms=(INTACT, TWIN))) == (
        "The twin is another network, trained the same way without SE: beside it one compares two "
        "architectures, not gates on and off."
    )


def test_what_changed_is_said_with_every_measure():
    change = Comparison(0, -1.234, -0.321, 0.4567, flipped=True, shift=0.25)
    assert change_words(change, "lion") == (
        "The logit of lion changes by −1.23, its probability by −32.1 percentage points. The "
        "answers as a whole move by 0.457 nats (KL divergence; 0 is not at all), and the top "
        "answer changes. The inputs of the next layers shift by up to 0.25 standard deviations "
        "(small)."
    )
    twin = change_words(replace(change, shift=None), "lion", twin=True)
    assert twin.startswith(
        "The probability of lion changes by −32.1 percentage points; logits of two networks can’t "
        "be compared. The answers as a whole move by 0.457 nats"
    )
    far = change_words(replace(change, shift=1.5, flipped=False), "lion")
    assert "the top answer stays the same." in far
    assert far.endswith("1.5 standard deviations (large: far from what they were trained on).")
    assert change_words(replace(change, shift=None), "lion").endswith("the top answer changes.")


def test_a_folded_network_is_told_as_what_it_is():
    arms = name_twin([INTACT, TWIN], "folded: all 16 blocks static")
    trace = replace(made_trace([[LOG3, 0.0], [0.0, LOG3]]), arms=arms)
    assert headline(trace).endswith(" Folded (all 16 blocks static), it says b (75 %).")
    assert arm_note(trace, 1) == "its static gates are in its weights"
    assert "static gates in its weights" in twin_words(trace)
