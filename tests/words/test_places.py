import numpy as np
import pytest

from seviz.records.places import GatePlaces
from seviz.words.places import places_words

NOTHING = np.zeros((2, 2), np.float32)


def made(s: float, at_zero: float, *added: float) -> GatePlaces:
    return GatePlaces("SE_4_6", 17, s, at_zero, np.float32([added]), NOTHING, NOTHING)


def test_a_gate_that_is_nearly_linear_is_said_to_be():
    assert places_words(made(0.7, 0.5, 0.25, -0.05)) == (
        "Red places open the gate SE_4_6[17], by +0.250 together, and blue ones shut it, by "
        "−0.050: +0.200 in all. With all z at 0 the gate would be 0.500; with the places it would "
        "be 0.700, near the s of 0.700 that it is: the gate is nearly linear here."
    )


@pytest.mark.parametrize(("missed", "near"), [(0.019, True), (0.021, False), (-0.03, False)])
def test_how_far_the_linear_part_is_from_s_is_said(missed: float, near: bool):
    text = places_words(made(0.7, 0.5, 0.2 - missed))
    assert text.endswith("the gate is nearly linear here.") == near
    assert ("the linear part misses" in text) == (not near)


def test_the_missing_part_is_signed():
    assert "with the places it would be 0.552, and it is 0.975: the linear part misses +0.423" in (
        places_words(made(0.975, 0.453, 0.099))
    )


LITTLE = "the map explains little of this gate here."


@pytest.mark.parametrize(
    ("s", "linear", "little"),
    [
        (0.9, 0.21, False),  # of the +0.4 between z = 0 and z, it misses +0.19: less than it says
        (0.9, 0.19, True),  # it misses +0.21
        (0.9, -0.1, True),  # it points the other way
        (0.6, 0.19, False),  # it says too much, by less than the whole effect of +0.1
        (0.6, 0.21, True),  # and by more
    ],
)
def test_a_linear_part_that_misses_as_much_as_it_says_or_as_there_is_explains_little(
    s: float, linear: float, little: bool
):
    text = places_words(made(s, 0.5, linear))
    assert "the linear part misses" in text
    assert text.endswith(LITTLE) == little
    assert text.endswith("what a small change would do, not all of s.") == (not little)


def test_a_gate_on_the_flat_of_its_excitation_has_no_places():
    text = places_words(made(1.0, 0.5, 1e-5, -1e-5))
    assert text.startswith("No place moves the gate SE_4_6[17] (s = 1.000) to first order")
    assert "With all z at 0 it would be 0.500." in text
