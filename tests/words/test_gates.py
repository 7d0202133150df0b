from dataclasses import replace

import pytest

from seviz.analysis.movers import Mover
from seviz.records.sites import Site
from seviz.reference.diagnosis import STILL
from seviz.words.gates import (
    atlas_words,
    depth_words,
    difference_words,
    effect_words,
    held_words,
    mover_words,
    movers_headline,
    terms_words,
    unsqueezed_words,
    usual_words,
)

SITE = Site("layer1.0.se", "SE_2_1", 2, 1, 4, 2)


def test_of_a_sigmoid_bright_is_open_and_dark_is_shut():
    assert "Bright gates let their channel through, dark ones hold it back." in atlas_words([SITE])
    assert atlas_words([SITE]) == atlas_words([])  # before any photograph
    assert "(s > 0.95, up) and almost shut (s < 0.05, down)" in depth_words([SITE])


@pytest.mark.parametrize(
    ("excitation", "atlas", "depth"),
    [
        ("tanh", "blue ones (negative) flip its sign", "(s < −0.95); down, almost shut (|s| <"),
        ("relu", "over 1, amplify it", "amplified (s > 1, up) and almost shut (s < 0.05, down)"),
    ],
)
def test_other_gates_are_told_as_what_they_do(excitation: str, atlas: str, depth: str):
    sites = [replace(SITE, excitation=excitation)]
    assert atlas in atlas_words(sites)
    assert "Bright gates" not in atlas_words(sites)
    assert depth in depth_words(sites)


def test_each_show_has_words_of_its_own():
    assert "red is over 0, blue under it" in atlas_words([SITE], "z")
    assert "Bright gates" not in atlas_words([SITE], "z")
    assert "Orange marks stand under" in atlas_words([SITE], "applied")
    assert "it is not applied" not in atlas_words([SITE], "applied")
    assert atlas_words([SITE]) == atlas_words([SITE], "s")
    assert "computes there; it is not applied" in atlas_words([SITE])


def test_a_difference_says_which_minus_which():
    said = difference_words("s", "with gates", "gates at 1")
    assert "Colours are s in “with gates” minus s in “gates at 1”: red where “with gates”" in said


def test_z_and_s_are_explained_in_a_line():
    assert terms_words([SITE]) == (
        "z (squeeze): one number for each channel, the mean over positions of its feature map. s "
        "(excitation): its gate, made of the z of all channels, a factor from 0 to 1 that the map "
        "is multiplied by."
    )
    assert "the maximum over positions" in terms_words([SITE], "max")
    assert "a factor from −1 to 1" in terms_words([replace(SITE, excitation="tanh")])
    unsqueezed = [replace(SITE, squeezed=False)]
    assert terms_words(unsqueezed) == unsqueezed_words(unsqueezed)


def test_a_gate_that_moved_is_told_with_its_usual_value():
    opened = Mover("SE_4_6", 17, 0.9125, 0.5, 3.25, 98.7)
    closed = Mover("SE_2_1", 3, 0.125, 0.5, -1.5, 4.0)
    assert mover_words(opened) == (
        "SE_4_6, channel 17: s = 0.912, usually 0.500 (+3.2 standard deviations; larger than for "
        "99 % of the reference images)"
    )
    assert mover_words(closed).endswith(
        "(−1.5 standard deviations; smaller than for 96 % of the reference images)"
    )
    assert mover_words(Mover("SE_4_6", 17, 0.75, 1.0)) == (
        "SE_4_6, channel 17: s = 0.750 instead of 1.000"
    )
    assert movers_headline(((opened,), (closed,))) == (
        "Compared with its usual gates, the network opens gate 17 of SE_4_6 most and closes gate 3 "
        "of SE_2_1 most."
    )
    assert movers_headline(((), (closed,))).endswith("the network closes gate 3 of SE_2_1 most.")
    assert movers_headline(((), ())) == "No gate differs from its usual value."


def test_without_a_squeeze_it_says_what_s_is_and_what_becomes_of_it_on_a_path():
    sites = [replace(SITE, squeezed=False)]
    assert unsqueezed_words(sites) == terms_words(sites)
    assert "there is no z" in unsqueezed_words(sites)
    assert "not quite that of the network as trained" in held_words(sites)
    assert (unsqueezed_words([SITE]), held_words([SITE])) == ("", "")


def test_how_usual_a_gate_is_is_told_by_its_mean_and_its_percentile():
    assert usual_words(0.5, 0.125, 96.6) == (
        "For other photographs it is 0.50 ± 0.12: here it is larger than for 97 % of them."
    )
    assert "0.50 ± 0.01: here it is larger than for 0 %" in usual_words(0.5, STILL, 0.0)


def test_of_a_gate_that_never_moves_the_percentile_is_not_told():
    assert usual_words(0.5, 0.004, 100.0) == (
        "It hardly ever moves: for other photographs it is 0.500 ± 0.004."
    )


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (1.25, "Shutting it alone lowers the logit of lion by 1.250."),
        (-0.0625, "Shutting it alone raises the logit of lion by 0.062."),
        (0.0006, "Shutting it alone lowers the logit of lion by 0.001."),
        (0.0004, "Shutting it alone leaves the logit of lion as it is."),
        (-0.0004, "Shutting it alone leaves the logit of lion as it is."),
        (0.0, "Shutting it alone leaves the logit of lion as it is."),
    ],
)
def test_an_effect_is_what_the_gate_adds_to_the_logit(effect: float, says: str):
    assert effect_words("lion", effect) == says
