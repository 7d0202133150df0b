"""The story's numbers, against what is computed by hand and with NumPy."""

from dataclasses import replace

import numpy as np
import pytest
from every_host import NETWORKS
from made_learn import SITE, U, made
from made_pair import FIRST, SITES
from networks import awake
from PIL import Image
from torch import nn

from seviz.gates.sites import parts
from seviz.learn.excited import Excitation, excite
from seviz.learn.squeezed import measure_squeeze, squeeze_kind
from seviz.learn.story import (
    arms_for,
    find_or_trace,
    integration_of,
    telling_block,
    telling_channel,
)
from seviz.passes.dispatch import ask
from seviz.passes.forward import feature_maps, trace
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


def test_a_map_is_measured_as_by_hand():
    found = measure_squeeze(made([2 / 9, 5]), 0)
    assert (found.kind, found.rows, found.columns, found.count) == ("avg", 3, 3, 9)
    assert (found.total, found.positive, found.negative) == (2, 7, -5)
    assert found.z == pytest.approx(2 / 9)
    assert (found.peak, found.place) == (6, "the centre")
    assert found.half == pytest.approx(1 / 9)  # 6 of 12


def test_the_peak_is_the_value_farthest_from_zero():
    found = measure_squeeze(made([2 / 9, 5], -2 * U), 0)
    assert (found.peak, found.place) == (-12, "the centre")
    corner = U.copy()
    corner[0, 2, 0] = -9
    assert measure_squeeze(made([0, 0], corner), 0).place == "the lower left"


def test_an_empty_map_has_no_half():
    assert measure_squeeze(made([0, 0], np.zeros_like(U)), 0).half == 1


def test_how_a_block_squeezes_is_told_by_its_numbers():
    assert squeeze_kind(made([2 / 9, 5])) == "avg"
    assert squeeze_kind(made([6, 5])) == "max"
    assert squeeze_kind(made([1, 2])) == "other"
    unsqueezed = replace(made([np.nan, np.nan]), site=replace(SITE, squeezed=False))
    assert squeeze_kind(unsqueezed) == "none"


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


@pytest.fixture(scope="module", params=[*NETWORKS, "lab_resnet_se"])
def network(request) -> LoadedModel:
    make = NETWORKS.get(request.param, (request.param, 64))[0]
    model = awake(make)
    model.num_classes = 10  # timm's networks know it
    return prepare(wrap(request.param, model))


def test_the_way_from_z_to_s_is_that_of_the_weights(network: LoadedModel):
    site = network.probe.sites[-1]
    z = np.random.default_rng(3).normal(0, 1, site.channels).astype(np.float32)
    found = excite(network, site.name, z)
    block = parts(network.model, site).block
    weights = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)]
    w, b = zip(*((as64(m.weight), as64(m.bias)) for m in weights), strict=True)
    values = z.astype(np.float64)
    if len(w) == 2:
        values = DELTAS[found.delta](w[0].reshape(len(b[0]), -1) @ values + b[0])
        np.testing.assert_allclose(found.hidden, values, atol=1e-4)
    else:
        assert (found.hidden, found.delta) == (None, "")
    before = w[-1].reshape(len(b[-1]), -1) @ values + b[-1]
    np.testing.assert_allclose(found.before, before, atol=1e-4)
    np.testing.assert_allclose(found.s, SIGMAS[found.sigma](before), atol=1e-5)
    assert found.weights == sum(m.size for m in w)
    assert found.biases == sum(m.size for m in b)


def as64(tensor) -> np.ndarray:
    return tensor.numpy().astype(np.float64)


def soft(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def hard(x: np.ndarray) -> np.ndarray:
    return np.clip((x + 3) / 6, 0, 1)


DELTAS = {"ReLU": lambda x: np.maximum(x, 0), "SiLU": lambda x: x * soft(x)}
SIGMAS = {"Sigmoid": soft, "Hardsigmoid": hard, "HardSigmoid": hard}


def test_the_story_has_the_numbers_of_the_pass_itself(small: LoadedModel, photo: Image.Image):
    record = trace(small, photo, [INTACT])
    site = telling_block(record)
    maps = feature_maps(small, record.image, site.name)
    np.testing.assert_allclose(maps.u.mean((1, 2)), maps.z, atol=1e-5)
    assert squeeze_kind(maps) == "avg"
    found = measure_squeeze(maps, 3)
    assert found.total / found.count == pytest.approx(found.z, abs=1e-5)
    excited = excite(small, site.name, record.z[site.name][0])
    np.testing.assert_allclose(excited.s, record.s[site.name][0], atol=1e-5)
    assert isinstance(excited, Excitation)


def test_a_trace_of_the_same_photograph_is_told_of_and_not_made_again(photo: Image.Image):
    known = ask(trace, "embedded", photo, [INTACT, IDENTITY])
    assert find_or_trace("embedded", photo, known) is known
    other = find_or_trace("embedded", Image.new("RGB", (64, 64), "red"), known)
    assert not other.alike(known)
    assert list(other.arms) == [INTACT, STATIC, TWIN]
    assert find_or_trace("embedded", photo, other).alike(known)


def test_without_statistics_gates_are_set_to_one():
    assert arms_for("lab_vgg_se") == [INTACT, IDENTITY, TWIN]
    assert arms_for("seresnet50.a1_in1k") == [INTACT, IDENTITY]


def test_where_se_sits_is_said_only_where_it_is_known():
    assert integration_of("embedded", SITES) == "standard"
    assert integration_of("lab_resnet_pre", SITES) == "pre"
    assert integration_of("lab_vgg_se", SITES) == "host"
    named_by_path = [replace(SITES[0], stage=None, block=None)]
    assert integration_of("efficientnet_b0.ra_in1k", named_by_path) is None
