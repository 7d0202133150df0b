from dataclasses import replace

import pytest

from seviz.records.sites import Site
from seviz.words.gates import atlas_words, depth_words, held_words, unsqueezed_words

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


def test_without_a_squeeze_it_says_what_s_is_and_what_becomes_of_it_on_a_path():
    sites = [replace(SITE, squeezed=False)]
    assert unsqueezed_words(sites) in atlas_words(sites)
    assert "there is no z" in unsqueezed_words(sites)
    assert "not quite that of the network as trained" in held_words(sites)
    assert (unsqueezed_words([SITE]), held_words([SITE])) == ("", "")
