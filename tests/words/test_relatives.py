import pytest

from seviz.records.sites import KINDS, SE, Site
from seviz.words.gates import terms_words
from seviz.words.relatives import RELATIVES, relative_words, relatives_words


def site(kind: str) -> Site:
    return Site("layer1.0.se", f"{kind}_2_1", 2, 1, 8, 2, kind=kind)


def test_each_relative_has_words():
    assert set(RELATIVES) == set(KINDS) - {SE}


@pytest.mark.parametrize("kind", RELATIVES)
def test_a_relative_is_named_with_its_squeeze_its_excitation_and_its_paper(kind):
    text = relative_words(site(kind))
    assert text.startswith(f"{kind}_2_1 is {KINDS[kind]}, a relative of SE. z (squeeze) is")
    assert "s (excitation), the channel’s gate, is" in text
    assert "arXiv" in text
    assert terms_words([site(kind)]).startswith(f"The blocks of this network are {KINDS[kind]}")


def test_in_a_mixed_network_only_some_blocks_are_relatives():
    text = relatives_words([site(SE), site("ECA"), site("CBAM")])
    assert text.startswith("Some blocks of this network are ECA and CBAM channel attention")
    assert "In ECA, z (squeeze) is" in text
    assert relatives_words([site(SE)]) == ""
