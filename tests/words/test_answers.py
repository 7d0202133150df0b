from dataclasses import replace

import numpy as np
import pytest
from made import made_trace
from made_profile import made_block

from seviz.analysis.photo_pair import BlockDistance, Pair
from seviz.records.analysis import Drivers, Effects, Necessity
from seviz.records.arms import INTACT, TWIN
from seviz.records.sites import Site
from seviz.records.trace import Answer, FeatureMaps
from seviz.reference.diagnosis import diagnose
from seviz.words.answers import channel_facts, doubt, headline, twin_words, union_of_tops
from seviz.words.matters import diagnosis_words, gate_facts, necessity_words
from seviz.words.numbers import percent, points, signed
from seviz.words.photo_pair import pair_words

LOG3 = float(np.log(3.0))


def test_a_flipped_answer_is_told_as_what_would_have_been():
    assert headline(made_trace([[LOG3, 0.0], [0.0, LOG3]])) == (
        "Without its gates the network would have said b (75 %) instead of a (75 %)."
    )


def test_a_kept_answer_is_told_with_both_probabilities():
    assert headline(made_trace([[LOG3, 0.0], [0.1, 0.0]])) == (
        "With or without its gates the network says a: 75 % with them, 52 % without."
    )


def test_an_answer_that_is_unsure_by_its_measured_temperature_is_called_a_guess():
    six_alike = replace(made_trace([[0.1, 0.0, 0.0, 0.0, 0.0, 0.0]]), temperature=2.0)
    assert doubt(six_alike) == (
        "The network is unsure of this photograph: where it is as unsure as here, it is right in "
        "about 2 of 10 cases. Take its answer as a guess among its 6 classes."
    )
    assert doubt(replace(six_alike, temperature=0.02)) is None  # so sure is it, honestly
    assert doubt(replace(six_alike, temperature=None)) is None  # nobody knows how sure it is


def test_the_union_of_tops_pairs_both_arms_and_has_each_class_once():
    trace = made_trace([[3.0, 2.0, 0.0, 0.0], [0.0, 2.0, 3.0, 0.0]])
    pairs = union_of_tops(trace, 2)
    assert [p[0].label for p in pairs] == ["a", "c", "b"]
    assert all(with_.index == without.index for with_, without in pairs)
    assert pairs[0][0].probability == trace.probabilities[0, 0]
    assert pairs[0][1].probability == trace.probabilities[1, 0]


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0.0 %"),
        (0.0004, "< 0.1 %"),
        (0.012, "1.2 %"),
        (0.314, "31 %"),
        (0.9951, "99.5 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_percent(share: float, written: str):
    assert percent(share) == written


def test_differences_and_values_have_a_minus_sign():
    assert (points(-0.123), points(0.5), signed(-0.12345)) == ("−12.3", "+50.0", "−0.1235")


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


def made_pair(*places: float | None, constant: tuple[int, ...] = (), apart: float = 0.1) -> Pair:
    """A pair whose cosine distances stand at these places, a block each."""
    blocks = tuple(
        BlockDistance(f"SE_2_{i}", apart / i, apart / i, place, 0.0, i in constant)
        for i, place in enumerate(places, start=1)
    )
    return Pair("made", "numbers", blocks, ())


GATES = "the gates of the two photographs"


@pytest.mark.parametrize(
    ("pair", "said", "more"),
    [
        (made_pair(10, 49), f"At every block {GATES} are closer than those of most pairs of", ""),
        (made_pair(51, 95), f"At every block {GATES} are farther apart than those of most", ""),
        (made_pair(91, 95), "are farther apart than those of nine tenths of the pairs of", ""),
        (
            made_pair(10, 20, 60, 95),
            f"Up to SE_2_2 {GATES} are closer than those of most pairs of reference images; from "
            "SE_2_3 on they are farther apart than those of most of the pairs.",
            "",
        ),
        (
            made_pair(10, 90, 95),
            "from SE_2_2 on they are farther apart than those of nine tenths of the pairs.",
            "",
        ),
        (
            made_pair(60, 20, 75, 30),
            "differ most at SE_2_3: more than those of 75 % of the pairs of reference images.",
            "At 2 of 4 blocks they are closer than those of most pairs.",
        ),
        (
            made_pair(10, 99, 60, constant=(2,)),
            "Up to SE_2_1 the gates",  # what a constant block does is no parting
            "1 block is left out: the gates there are almost the same for all photographs.",
        ),
        (made_pair(None, None), "differ most at SE_2_1: by 0.1 on average.", ""),
        (made_pair(3, constant=(1,)), "gates are almost the same for all photographs.", ""),
        (made_pair(0, 0, apart=0.0), "are the same at every block.", ""),
    ],
)
def test_where_two_photographs_part(pair: Pair, said: str, more: str):
    headline, rest = pair_words(pair, "cosine")
    assert said in headline
    assert rest == more


def test_where_they_part_is_told_by_the_distance_that_is_asked_for():
    assert "are closer than those of most" in pair_words(made_pair(99, 99), "difference")[0]


@pytest.mark.parametrize(
    ("s", "std", "says"),
    [
        ([0.01, 0.02], [0.1, 0.1], "SE_2_1 is dead: 100.0 % of its gates are under 0.05"),
        ([0.99, 0.98], [0.1, 0.1], "SE_2_1 is saturated: 100.0 % of its gates are over 0.95"),
        ([0.5, 0.5], [0.0, 0.0], "100.0 % of its gates have a standard deviation under 0.01"),
        ([0.5, 0.99], [0.1, 0.1], "SE_2_1 is at work: 50 % of its gates are over 0.95, 0.0 % un"),
    ],
)
def test_a_diagnosis_is_one_sentence(s: list[float], std: list[float], says: str):
    found = diagnose("SE_2_1", np.float32(s), made_block(s_std=np.float32(std)))
    assert says in diagnosis_words(found)
    assert diagnosis_words(found).endswith(".")


def made_necessity(
    rule: str, alone: list[float], probability: list[float], flips: list[bool]
) -> Necessity:
    """Make what one rule does to three blocks; flips: with all behind each."""
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
            "Holding the gates of SE_3_4 at their mean changes the answer “lion” most: its logit "
            "falls by 3.10 and its probability by 12.0 percentage points. The gates from SE_5_1 to "
            "the end can be replaced together and the first answer stays; with those of SE_3_4 "
            "too, it becomes another.",
        ),
        (
            "identity",
            [2.0, -1.0, 0.0],
            [-0.001, 0.0, 0.0],
            [False, False, False],
            "Setting the gates of SE_2_1 to 1 changes the answer “lion” most: its logit rises by "
            "2.00 and its probability falls by 0.1 percentage points. With the gates of all blocks "
            "replaced together, the first answer still stays.",
        ),
        (
            "uniform",
            [0.0, 0.0, 1.0],
            [0.0, 0.0, 0.5],
            [False, False, True],
            "Replacing the gates of SE_5_1 (uniform) changes the answer “lion” most: its logit "
            "rises by 1.00 and its probability by 50.0 percentage points. Without the gates of "
            "SE_5_1, the last block, the first answer is another.",
        ),
    ],
)
def test_the_block_an_answer_needs_most_is_told_with_those_it_can_do_without(
    rule, alone, probability, flips, says
):
    assert necessity_words(made_necessity(rule, alone, probability, flips)) == says


def test_a_gate_is_told_with_its_effect_its_standing_and_its_drivers():
    found = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_3_1": np.array([0.25, -0.5], np.float32)}, ())
    driven = Drivers("SE_3_1", 1, np.zeros(2, np.float32), np.array([-0.125, 0.0625], np.float32))
    assert gate_facts(found, driven, s=0.5, place=83.4) == (
        "Gate 1 of SE_3_1 (s = 0.5000) takes 0.500 from the logit of lion, to first order; it is "
        "larger than for 83 % of reference images. Descriptor 1 opens it most (∂s/∂z = 0.0625), "
        "descriptor 0 shuts it most (∂s/∂z = −0.125)."
    )
    saturated = replace(driven, jacobian=np.zeros(2, np.float32))
    assert gate_facts(found, saturated, s=1.0, place=None).endswith(". No descriptor moves it.")
    opened = replace(driven, jacobian=np.array([0.5, 0.25], np.float32))
    assert gate_facts(found, opened, s=0.5, place=None).endswith(
        ". Descriptor 0 opens it most (∂s/∂z = 0.5)."
    )
    adds = gate_facts(found, replace(driven, channel=0), s=0.5, place=None)
    assert adds.startswith(
        "Gate 0 of SE_3_1 (s = 0.5000) adds 0.250 to the logit of lion, to first order. Descriptor"
    )


def test_the_twin_is_told_apart_from_gates_that_are_off():
    trace = made_trace([[np.log(3.0), 0.0], [0.0, 0.0]])
    assert twin_words(trace) is None
    with_twin = replace(trace, arms=(INTACT, TWIN))
    assert twin_words(with_twin) == (
        "Its twin without SE, trained the same way, says a (50 %). This compares "
        "two architectures, not gates on and off."
    )


def test_a_negative_gate_is_raised_and_lowered_not_opened_and_shut():
    found = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_3_1": np.array([0.25], np.float32)}, ())
    driven = Drivers("SE_3_1", 0, np.zeros(2, np.float32), np.array([-0.125, 0.0625], np.float32))
    said = gate_facts(found, driven, s=-0.25, place=None)
    assert said.startswith("Gate 0 of SE_3_1 (s = −0.2500) adds 0.250")
    assert said.endswith(
        "Descriptor 1 raises it most (∂s/∂z = 0.0625), descriptor 0 lowers it most "
        "(∂s/∂z = −0.125)."
    )


def test_gates_that_may_be_negative_are_shut_around_0():
    found = diagnose("SE_2_1", np.float32([-0.5, 0.01]), None)
    assert diagnosis_words(found) == (
        "SE_2_1 is at work: 0.0 % of its gates are over 0.95, 50 % within 0.05 of 0."
    )
