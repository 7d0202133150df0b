import numpy as np
import pytest
import torch
from every_host import NETWORKS
from networks import awake
from odd_blocks import CHANNELS, Functional, HardSigmoid, Normed
from odd_blocks import network as network_of
from PIL import Image
from torch import nn

from seviz.learn.excited import Excitation, excite
from seviz.learn.squeezed import measure_squeeze, squeeze_kind
from seviz.learn.story import telling_block
from seviz.passes.forward import feature_maps, trace
from seviz.records.arms import INTACT
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


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
    block = network.model.get_submodule(site.path)
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


@pytest.mark.parametrize(
    ("kind", "delta", "sigma"),
    [
        (Functional, "ReLU", "sigmoid"),
        (HardSigmoid, "a function of its own", "hardsigmoid"),
        (Normed, "ReLU", "Sigmoid"),
    ],
)
def test_a_block_of_any_code_is_followed_with_the_names_of_its_functions(kind, delta, sigma):
    model = network_of(kind)
    model.pretrained_cfg = {"input_size": (3, 12, 12), "mean": (0, 0, 0), "std": (1, 1, 1)}
    loaded = prepare(wrap("mine", model))
    z = np.random.default_rng(3).normal(0, 1, CHANNELS).astype(np.float32)
    found = excite(loaded, "SE_2_1", z)
    gates = model.layer1[0].gates(torch.from_numpy(z).view(1, -1, 1, 1)).flatten()
    np.testing.assert_allclose(found.s, gates, rtol=1e-5)
    assert (found.delta, found.sigma) == (delta, sigma)
    assert found.weights == 2 * CHANNELS * len(found.hidden)
