from dataclasses import replace

import numpy as np
import pytest
from test_records import made_trace

from seviz.records import FeatureMaps, Site
from seviz.words import channel_facts, doubt, headline, percent, points, signed, union_of_tops

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
        "This resembles nothing that the network knows well: where it is as unsure as here, it is "
        "right in about 2 of 10 cases. Take its answer as a guess among its 6 classes."
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
    return FeatureMaps(Site("p", "SE_3_1", 3, 1, len(s), 1), u, gates, gates)


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
