"""Every squeeze, excitation and integration that can be built has its words."""

from collections.abc import Mapping
from dataclasses import astuple

import pytest

from seviz.nets import block, residual, variants
from seviz.nets.hosts import HOSTS
from seviz.nets.variants import PLAIN, VARIANTS
from seviz.words import se


@pytest.mark.parametrize(
    ("built", "words", "names"),
    [
        (block.SQUEEZES, se.SQUEEZES, variants.SQUEEZE_NAMES),
        (block.EXCITATIONS, se.EXCITATIONS, variants.EXCITATION_NAMES),
        (residual.INTEGRATIONS, se.INTEGRATIONS, variants.INTEGRATION_NAMES),
    ],
)
def test_what_can_be_built_has_words_and_a_name(built: Mapping, words: Mapping, names: Mapping):
    assert set(words) == set(built)
    assert set(names) - {PLAIN} == set(built)


@pytest.mark.parametrize("table", [se.SQUEEZES, se.EXCITATIONS, se.INTEGRATIONS])
def test_no_two_are_called_alike(table: Mapping):
    for texts in zip(*map(astuple, table.values()), strict=True):
        assert len(set(texts)) == len(texts)


def test_only_a_resnet_has_several_places():
    assert set(se.HOSTS) | {"resnet"} == set(HOSTS)


def test_every_variant_has_its_words():
    for variant in VARIANTS.values():
        if not variant.plain:
            assert se.place_of(variant).place
            assert se.SQUEEZES[variant.squeeze].choice
            assert se.EXCITATIONS[variant.excitation].gates
