import pickle
import sys
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from seviz.errors import UserError
from seviz.gates.probe import Probe
from seviz.passes.forward import feature_maps, trace
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.zoo.models import load_twin


def test_a_trace_holds_every_block_of_every_arm(small, photo):
    record = trace(small, photo, [INTACT, IDENTITY])
    assert [arm.name for arm in record.arms] == ["intact", "identity"]
    assert record.logits.shape == (2, 200)
    for site in record.sites:
        for group in (record.z, record.s, record.s_computed):
            assert group[site.name].shape == (2, site.channels)
            assert group[site.name].dtype == np.float32
        assert (record.s[site.name][1] == 1).all()
        assert (record.s_computed[site.name][1] < 1).all()
        assert np.array_equal(record.s[site.name][0], record.s_computed[site.name][0])


@torch.inference_mode()
def test_its_logits_are_the_networks_own(small, photo):
    record = trace(small, photo, [INTACT])
    expected = small.model(small.prepare(photo)).numpy()
    np.testing.assert_allclose(record.logits, expected, rtol=1e-6, atol=1e-6)


def test_the_first_blocks_z_does_not_depend_on_the_arm(small, photo):
    record = trace(small, photo, [INTACT, IDENTITY])
    first, last = record.sites[0].name, record.sites[-1].name
    np.testing.assert_allclose(record.z[first][0], record.z[first][1], rtol=1e-6, atol=1e-7)
    assert not np.allclose(record.z[last][0], record.z[last][1], rtol=1e-3)


def test_the_seen_crop_is_the_photograph_scaled(small):
    record = trace(small, Image.new("RGB", (64, 64), (200, 100, 50)), [INTACT])
    assert record.seen.shape == (64, 64, 3)
    assert (record.seen == (200, 100, 50)).all()


def test_a_trace_is_plain_data_that_travels(small, photo):
    record = trace(small, photo, [INTACT, IDENTITY])
    assert not any("torch" in type(v).__module__ for v in vars(record).values())
    again = pickle.loads(pickle.dumps(record))
    assert np.array_equal(again.logits, record.logits)
    assert "torch" not in sys.modules["seviz.records.trace"].__dict__


def test_feature_maps_agree_with_the_trace(small, photo):
    record = trace(small, photo, [INTACT, IDENTITY])
    for arm, row in ((INTACT, 0), (IDENTITY, 1)):
        maps = feature_maps(small, record.image, "SE_4_6", arm=arm)
        assert maps.u.shape == (384, 8, 8)
        np.testing.assert_allclose(maps.u.mean((1, 2)), record.z["SE_4_6"][row], 1e-5, 1e-6)
        np.testing.assert_allclose(maps.s, record.s["SE_4_6"][row], 1e-5)
        np.testing.assert_allclose(maps.s_computed, record.s_computed["SE_4_6"][row], 1e-5)


def test_an_answer_that_is_not_a_number_is_refused_with_the_arms_name(small, photo):
    model = deepcopy(small.model)
    loaded = replace(small, model=model, probe=Probe(model))
    with torch.no_grad():
        model.fc.bias[3] = float("nan")
    with pytest.raises(UserError, match="In the arm “identity” the answer of small overflows"):
        trace(loaded, photo, [IDENTITY, INTACT])


@torch.inference_mode()
def test_the_twin_answers_as_an_arm_without_gates(zoo, photo):
    loaded = zoo.get("embedded")
    record = trace(loaded, photo, [IDENTITY, TWIN, INTACT])
    expected = load_twin(loaded)(loaded.prepare(photo)).numpy()
    np.testing.assert_allclose(record.logits[1:2], expected, rtol=1e-5, atol=1e-5)
    plain = trace(loaded, photo, [INTACT, IDENTITY])
    np.testing.assert_allclose(record.logits[[2, 0]], plain.logits, rtol=1e-5, atol=1e-5)
    for group in (record.z, record.s, record.s_computed):
        assert np.isnan(group["SE_4_6"][1]).all()
        assert np.isfinite(group["SE_4_6"][[0, 2]]).all()


def test_a_network_without_a_twin_is_told_which_have_one(small, photo):
    with pytest.raises(UserError, match="small has no twin without SE; the embedded network, the"):
        trace(small, photo, [INTACT, TWIN])


def test_the_shift_is_zero_for_intact_and_heard_of_all_blocks_but_the_last(small, photo):
    record = trace(small, photo, [INTACT, IDENTITY])
    assert list(record.shift) == [site.name for site in small.probe.sites[:-1]]
    for of_arms in record.shift.values():
        assert of_arms[0] == 0 < of_arms[1]
    assert trace(small, photo, [INTACT]).shift == {}  # nothing to compare with: not measured


def test_the_twin_alone_is_an_arm_too(zoo, photo):
    loaded = zoo.get("embedded")
    alone, both = (trace(loaded, photo, arms) for arms in ([TWIN], [INTACT, TWIN]))
    np.testing.assert_allclose(alone.logits[0], both.logits[1], rtol=1e-4, atol=1e-4)
    assert {name: s.shape for name, s in alone.s.items()} == {
        name: (1, s.shape[1]) for name, s in both.s.items()
    }
    assert all(np.isnan(s).all() for s in alone.s.values())
