from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from networks import random_network
from PIL import Image
from safetensors.torch import save_file

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, Rule
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.zoo import catalogue
from seviz.zoo.checkpoint import open_checkpoint


def test_arms_that_put_no_gates_of_others_in_place_need_none():
    arms = parse_arms(["intact", "identity", "uniform", "SE_4*=0.5", "shuffle@3", "twin"])
    assert recorded_for("embedded", arms) == {}


def test_static_gates_are_the_means_of_the_reference_statistics():
    found = recorded_for("embedded", parse_arms(["static", "some: SE_4_6[0:8]=static"]))
    assert list(found) == [Rule("static")]
    blocks = reference("embedded").blocks
    assert list(found[Rule("static")]) == list(blocks)
    for name, means in found[Rule("static")].items():
        np.testing.assert_array_equal(means, blocks[name].s_mean)


def test_statistics_that_are_given_come_before_those_that_travel():
    shipped = reference("embedded")
    blocks = {n: replace(b, s_mean=b.s_mean / 2) for n, b in shipped.blocks.items()}
    found = recorded_for("embedded", parse_arms(["static"]), replace(shipped, blocks=blocks))
    half = shipped.blocks["SE_2_1"].s_mean / 2
    np.testing.assert_array_equal(found[Rule("static")]["SE_2_1"], half)


def test_statistics_of_another_network_are_refused():
    known = reference("embedded")
    other = replace(known, model="other", weights=None)
    with pytest.raises(UserError, match="of the network “other”, not of “embedded”"):
        recorded_for("embedded", parse_arms(["static"]), other)
    retrained = replace(known, weights="0" * 64)
    for arms in ("static", "identity"):  # also where no arm needs it
        with pytest.raises(UserError, match="“embedded” with weights 000000000000…, not of “embed"):
            recorded_for("embedded", parse_arms([arms]), retrained)
    renamed = replace(known, model="other")
    assert recorded_for("embedded", parse_arms(["static"]), renamed)


def test_what_is_no_list_of_arms_is_a_sentence():
    for arms in ("static", ["static"], [], parse_arms(["static"])[0]):
        with pytest.raises(UserError, match=r"Give a list of arms, such as seviz\.parse_arms"):
            recorded_for("embedded", arms)


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_network_without_statistics_has_no_static_arm():
    with pytest.raises(UserError, match="no reference statistics of “lab_vgg_se” for a static arm"):
        recorded_for("lab_vgg_se", parse_arms(["static"]))


def test_of_own_weights_without_statistics_the_file_is_named(tmp_path: Path):
    file = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), file)
    key = catalogue.add_checkpoint(open_checkpoint(file, "seresnet18"))
    with pytest.raises(UserError, match=r"statistics of “mine\.safetensors · seresnet18” for a s"):
        recorded_for(key, parse_arms(["intact", "static"]))


def test_resampled_gates_are_those_of_each_rules_photograph(tmp_path: Path, zoo):
    for name in ("teal", "gold"):
        Image.new("RGB", (64, 64), name).save(tmp_path / f"{name}.png")
    arms = parse_arms([f"{name}: resample@{tmp_path / name}.png" for name in ("teal", "gold")])
    found = recorded_for("embedded", arms)
    assert len(found) == 2
    for rule, gates in found.items():
        with Image.open(rule.source) as photo:
            record = trace(zoo.get("embedded"), photo, [INTACT])
        assert list(gates) == [site.name for site in record.sites]
        for name, of_block in gates.items():
            np.testing.assert_array_equal(of_block, record.s[name][0])
    one, other = found.values()
    assert not np.allclose(one["SE_5_1"], other["SE_5_1"])


def test_a_rule_within_a_rule_is_found():
    arms = parse_arms(["half: SE_4_6=mix(0.5,static)"])
    (edit,) = arms[0].edits
    assert edit.rule.of is not None
    assert list(recorded_for("embedded", arms)) == [edit.rule.of]


def test_a_photograph_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"nothing\.png is not there"):
        recorded_for("embedded", parse_arms([f"resample@{tmp_path}/nothing.png"]))
