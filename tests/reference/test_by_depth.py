import gc
from dataclasses import replace

import numpy as np
import pytest
from made_classes import random_profile
from made_gates import Data
from made_profile import EVENLY, made_block, made_profile

from seviz.reference import by_depth as module
from seviz.reference.by_depth import by_depth, chance, most_selective


@pytest.mark.parametrize("old", [False, True])
def test_measures_are_numpys_of_all_images(old: bool):
    data = Data(60)
    for found in by_depth(random_profile(old=old)):
        s = data.s[found.block].astype(np.float64)
        means = np.stack([s[data.labels == k].mean(0) for k in range(3)])
        weights = np.bincount(data.labels) / 60
        between = (weights[:, None] * (means - s.mean(0)) ** 2).sum(0)
        assert found.share == pytest.approx(np.median(between / s.var(0)), rel=1e-5)
        highest = means.max(0)
        rest = (means.sum(0) - highest) / 2
        wanted = np.median((highest - rest) / (highest + rest))
        assert found.selectivity == pytest.approx(wanted, rel=1e-5)
        assert found.channels == s.shape[1]


def test_what_older_files_lack_is_unknown_and_newer_ones_have_it():
    new, old = random_profile(), random_profile(old=True)
    for found, before in zip(by_depth(new), by_depth(old), strict=True):
        block = new.blocks[found.block]
        assert found.share_low == block.share_interval[0]
        assert found.share_high == block.share_interval[1]
        assert found.neighbours == block.neighbours[0]
        assert (before.share_low, before.share_high, before.neighbours) == (None, None, None)


def test_channels_that_stand_still_or_near_one_are_counted():
    block = made_block(s_mean=np.float32([0.97, 0.94]), s_std=np.float32([0.005, 0.02]))
    (found,) = by_depth(made_profile(block))
    assert (found.constant, found.saturated) == (0.5, 0.5)


def test_gates_under_0_have_no_selectivity_and_those_over_1_none_saturated():
    signed = np.stack([2 * EVENLY - 1] * 2, 1).astype(np.float32)
    tanh = made_block(s_quantiles=signed, s_mean=np.float32([-0.97, 0.2]))
    relu = made_block(s_quantiles=(3 * np.stack([EVENLY] * 2, 1)).astype(np.float32))
    first, second = by_depth(made_profile(tanh, relu))
    assert (first.selectivity, first.saturated) == (None, 0.5)
    # Of means 0.6 and 0.4 the selectivity is 0.2, of 0.5 twice it is 0.
    assert (second.selectivity, second.saturated) == (pytest.approx(0.1), None)


def test_one_class_tells_nothing():
    profile = replace(random_profile(), class_counts=(60, 0, 0))
    one = made_block(class_mean=np.float32([[0.5, 0.5], [np.nan] * 2, [np.nan] * 2]))
    profile = replace(profile, blocks={"SE_2_1": one})
    (found,) = by_depth(profile)
    assert (found.share, found.selectivity) == (None, None)
    assert most_selective(profile) == "SE_2_1"


def test_chance_is_the_share_of_the_most_frequent_class():
    assert chance(replace(made_profile(made_block()), class_counts=(5, 0, 15))) == 0.75


def test_measures_are_kept_as_long_as_their_profile(monkeypatch):
    profile = random_profile()
    key = id(profile)
    assert by_depth(profile) is by_depth(profile)
    del profile
    gc.collect()
    assert key not in module._known
