"""The story's numbers, against what is computed by hand and with NumPy."""

from dataclasses import replace

import numpy as np
from made_learn import U, made
from made_pair import FIRST, SITES
from made_profile import EVENLY, made_block, made_profile
from PIL import Image

from seviz.learn import story
from seviz.learn.story import (
    find_or_trace,
    integration_of,
    telling_block,
    telling_channel,
    telling_gate,
)
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN


def test_the_telling_channel_is_the_one_that_its_gate_changes_most():
    u = np.stack([U[0], 2 * U[0]])
    assert telling_channel(made([0, 0], u, s=(0.5, 0.5))) == 1
    assert telling_channel(made([0, 0], u, s=(0.1, 0.9))) == 0
    assert telling_channel(made([0, 0], u, s=(1.0, 3.0))) == 1  # a ReLU's
    assert telling_channel(made([0, 0], s=(0.9, 0.0))) == 0  # an even map has no picture


def test_the_telling_block_has_the_widest_spread_of_gates():
    assert telling_block(FIRST).name == "SE_2_1"
    other = {**FIRST.s, "SE_2_2": np.float32([[0.1, 0.9, 0.5]])}
    assert telling_block(replace(FIRST, s=other)).name == "SE_2_2"


def test_a_trace_of_the_same_photograph_is_told_of_and_not_made_again(photo: Image.Image):
    known = find_or_trace("embedded", photo)
    assert known.arms == (INTACT, STATIC, TWIN)
    assert find_or_trace("embedded", photo, known) is known
    other = find_or_trace("embedded", Image.new("RGB", (64, 64), "red"), known)
    assert not other.is_of_same_photo(known)
    assert find_or_trace("embedded", photo, other).is_of_same_photo(known)


def test_a_trace_in_other_arms_is_made_again(photo: Image.Image):
    known = ask(trace, "embedded", photo, [INTACT, IDENTITY])
    again = find_or_trace("embedded", photo, known)
    assert again.is_of_same_photo(known)
    assert again.arms == (INTACT, STATIC, TWIN)


def test_the_telling_gate_is_the_one_most_open_beside_its_usual(monkeypatch):
    monkeypatch.setattr(story, "reference", lambda key: None)
    assert telling_gate(FIRST) == ("SE_2_1", 1)  # the largest of the telling block
    varied = {"z_std": np.float32([1, 1, 1])}
    usual = {"s_quantiles": np.stack([EVENLY] * 3, 1).astype(np.float32)}
    profile = made_profile(
        made_block(
            s_mean=np.float32([0.5, 0.5]), s_std=np.float32([0.5, 0.5]), z_std=np.float32([1, 1])
        ),
        made_block(
            s_mean=np.float32([0.5, 0.25, 0.5]), s_std=np.float32([0.1] * 3), **usual, **varied
        ),
    )
    monkeypatch.setattr(story, "reference", lambda key: profile)
    assert telling_gate(FIRST) == ("SE_2_2", 1)  # 2.5 deviations, of 0.2 and 0.6
    even = replace(profile.blocks["SE_2_2"], z_std=np.float32([1, 0.01, 1]))
    monkeypatch.setattr(
        story, "reference", lambda key: made_profile(profile.blocks["SE_2_1"], even)
    )
    assert telling_gate(FIRST) != ("SE_2_2", 1)  # it squeezes the same from every photograph
    still = [replace(block, s_std=np.zeros_like(block.s_std)) for block in profile.blocks.values()]
    monkeypatch.setattr(story, "reference", lambda key: made_profile(*still))
    assert telling_gate(FIRST) == ("SE_2_1", 1)  # no gate ever moves


def test_where_se_sits_is_said_only_where_it_is_known():
    assert integration_of("embedded", SITES) == "standard"
    assert integration_of("lab_resnet_pre", SITES) == "pre"
    assert integration_of("lab_vgg_se", SITES) == "host"
    named_by_path = [replace(SITES[0], stage=None, block=None)]
    assert integration_of("efficientnet_b0.ra_in1k", named_by_path) is None
