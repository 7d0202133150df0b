from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.analysis.against_intact import Comparison
from seviz.records.arms import INTACT, TWIN
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps
from seviz.words.answers import (
    change_words,
    channel_facts,
    doubt,
    headline,
    twin_words,
    union_of_tops,
)

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
    trace = made_trace([[np.log(3.0), 0.0], [0.0, 0.0]])
    assert twin_words(trace) is None
    with_twin = replace(trace, arms=(INTACT, TWIN))
    assert twin_words(with_twin) == (
        "Its twin without SE, trained the same way, says a (50 %). This compares "
        "two architectures, not gates on and off."
    )


def test_what_changed_is_said_with_every_measure():
    change = Comparison(0, -1.234, -0.321, 0.4567, flipped=True, shift=0.25)
    assert change_words(change, "lion") == (
        "The logit of lion changes by −1.23, its probability by −32.1 percentage points. The "
        "answers as a whole move by 0.457 nats (KL divergence; 0 is not at all), and the top "
        "answer changes. The inputs of the next layers shift by up to 0.25 standard deviations "
        "(small)."
    )
    far = change_words(replace(change, shift=1.5, flipped=False), "lion")
    assert "the top answer stays the same." in far
    assert far.endswith("1.50 standard deviations (large: far from what they were trained on).")
    assert change_words(replace(change, shift=None), "lion").endswith("the top answer changes.")
