import numpy as np
import pytest

from seviz.errors import UserError
from seviz.records.arms import Rule
from seviz.reference.gather import reference, reference_images
from seviz.reference.replacement import replacement, replacing_rule
from seviz.zoo.catalogue import find

STATIC = Rule("static")


def test_static_gates_are_the_means_of_the_networks_statistics():
    found = replacement("embedded")
    known = reference("embedded")
    assert found.rule == STATIC
    assert found.statistics == known.data
    for name, block in known.blocks.items():
        np.testing.assert_array_equal(found.recorded[STATIC][name], block.s_mean)
    behind = reference_images("embedded")
    assert found.donors["SE_4_6"] is behind.blocks["SE_4_6"].sample


def test_another_rule_leaves_the_means_for_the_arms_of_all_blocks():
    found = replacement("embedded", "identity")
    assert found.rule == Rule("identity")
    assert found.has_means


def test_without_statistics_gates_are_at_1(monkeypatch):
    monkeypatch.setattr("seviz.reference.replacement.reference", lambda key: None)
    monkeypatch.setattr("seviz.reference.replacement.reference_images", lambda key: None)
    found = replacement("embedded")
    assert found.rule == Rule("identity")
    assert (found.recorded, found.statistics, found.donors) == ({}, "", None)
    assert not found.has_means


def test_of_statistics_without_images_there_are_no_gates_of_others():
    found = replacement("embedded", profile=reference("embedded"))
    assert found.donors is None
    assert found.has_means


@pytest.mark.parametrize("text", ["SE_4_6=0", "intact", "all[3]=0", "twin"])
def test_what_is_no_rule_for_all_blocks_gets_one_sentence(text: str):
    with pytest.raises(UserError, match="is not one rule for all blocks"):
        replacing_rule(find("embedded").key, text)
