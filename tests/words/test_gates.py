from dataclasses import replace

import pytest

from seviz.records.sites import Site
from seviz.reference.diagnosis import STILL
from seviz.words.gates import (
    atlas_words,
    depth_words,
    difference_words,
    effect_words,
    held_words,
    sample_words,
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
    colours = "Colours are s in “with gates” minus s in “gates at 1”"
    assert f"{colours}, as each block computes it there: red where “with gates”" in said
    assert "computes" not in difference_words("z", "with gates", "gates at 1")


def test_z_and_s_are_explained_in_a_line():
    assert terms_words([SITE]) == (
        "z (squeeze, the channel descriptor): one number for each channel, the mean over positions "
        "of its feature map. s (excitation): its gate, made of the z of all channels, a factor "
        "from 0 to 1 that the map is multiplied by."
    )
    assert "the maximum over positions" in terms_words([SITE], "max")
    assert "a factor from −1 to 1" in terms_words([replace(SITE, excitation="tanh")])
    unsqueezed = [replace(SITE, squeezed=False)]
    assert terms_words(unsqueezed) == unsqueezed_words(unsqueezed)


def test_without_a_squeeze_it_says_what_s_is_and_what_becomes_of_it_on_a_path():
    sites = [replace(SITE, squeezed=False)]
    assert unsqueezed_words(sites) == terms_words(sites)
    assert "there is no z" in unsqueezed_words(sites)
    assert "not quite that of the network as trained" in held_words(sites)
    assert (unsqueezed_words([SITE]), held_words([SITE])) == ("", "")


def test_a_sample_is_told_from_all_images():
    assert sample_words(512, 100_000) == "a sample of 512 of the 100,000 reference images"
    assert sample_words(20, 20) == "the 20 reference images"


def test_how_usual_a_gate_is_is_told_by_its_mean_and_its_percentile():
    assert usual_words(0.5, 0.125, 96.6) == (
        "For other photographs it is 0.50 ± 0.12: here it is larger than for 97 % of them."
    )
    assert "0.50 ± 0.01: here it is larger than for 0 %" in usual_words(0.5, 1.01 * STILL, 0.0)


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
    assert effect_words("the logit of lion", effect) == says
