from copy import deepcopy

import numpy as np
import pytest
import torch
from every_host import NETWORKS, written_out
from networks import awake, random_network
from torch import nn

from seviz.analysis.places import gate_places
from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.passes.dispatch import count_rows
from seviz.passes.forward import feature_maps
from seviz.passes.gpu_seconds import ON_CPU
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

IMAGE = np.random.default_rng(5).normal(0, 1, (3, 64, 64)).astype(np.float32)


@pytest.fixture(scope="module", params=["seresnet50_slim", "legacy_seresnet18", "efficientnet_b0"])
def network(request) -> LoadedModel:
    return prepare(wrap(request.param, awake(NETWORKS[request.param][0])))


def gate64(block: nn.Module, channel: int):
    """The gate as a function of U (C×H×W, float64), written out by hand."""
    block = deepcopy(block).double()
    return lambda u: float(written_out(block, torch.from_numpy(u.mean((1, 2)))[None])[0, channel])


def test_the_map_is_of_the_very_pass_that_is_shown_and_sums_to_the_linear_part(network):
    site = network.probe.sites[2]
    found = gate_places(network, IMAGE, site.name, channel=5)
    maps = feature_maps(network, IMAGE, site.name)
    assert np.array_equal(found.before, maps.u[5])
    assert np.array_equal(found.after, maps.gated_channel(5))
    assert found.s == maps.s[5]
    block = deepcopy(network.model.get_submodule(site.path)).double()
    z = torch.from_numpy(maps.u.astype(np.float64).mean((1, 2)))
    (slope,) = torch.autograd.functional.jacobian(lambda x: written_out(block, x[None])[0, 5:6], z)
    by_hand = np.einsum("i,ixy->xy", slope.numpy(), maps.u) / maps.u[0].size
    np.testing.assert_allclose(found.map, by_hand, rtol=1e-3, atol=1e-6 * abs(by_hand).max() + 1e-8)
    assert found.linear == pytest.approx(float(slope @ z), rel=1e-3, abs=1e-7)
    assert found.at_zero == pytest.approx(float(written_out(block, 0 * z[None])[0, 5]), abs=1e-6)
    assert found.rest == pytest.approx(found.s - found.at_zero - found.linear, abs=1e-12)


def test_a_places_share_is_the_slope_of_the_gate_by_that_places_features(network):
    site = network.probe.sites[1]
    found = gate_places(network, IMAGE, site.name, channel=3)
    u = feature_maps(network, IMAGE, site.name).u.astype(np.float64)
    gate, step = gate64(network.model.get_submodule(site.path), 3), 1e-4
    for y, x in ((0, 0), (2, 5), (7, 1)):  # scale one place's features of all channels up and down
        up, down = u.copy(), u.copy()
        up[:, y, x] *= 1 + step
        down[:, y, x] *= 1 - step
        slope = (gate(up) - gate(down)) / (2 * step)
        assert found.map[y, x] == pytest.approx(slope, rel=1e-3, abs=1e-8)


def block_alone(squeeze: str) -> LoadedModel:
    """A convolution, an SE block and no more; its features are those of the convolution."""

    def make() -> nn.Module:
        block = SEBlock(4, squeeze=squeeze, r=1)
        model = nn.Sequential(nn.Conv2d(3, 4, 3), block, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        model.num_classes = 4
        return model

    return prepare(wrap(f"alone {squeeze}", random_network(make).eval()))


def test_of_a_maximum_only_the_largest_places_count():
    network = block_alone("max")
    (site,) = network.probe.sites
    found = gate_places(network, IMAGE, site.path, channel=1)
    u = feature_maps(network, IMAGE, site.name).u
    at_maximum = (u == u.max((1, 2), keepdims=True)).any(0)
    assert np.array_equal(found.map != 0, at_maximum)
    block = deepcopy(network.model.get_submodule(site.path)).double()
    z = torch.from_numpy(u.astype(np.float64).max((1, 2)))
    (slope,) = torch.autograd.functional.jacobian(lambda x: written_out(block, x[None])[0, 1:2], z)
    assert found.linear == pytest.approx(float(slope @ z), rel=1e-4)


def test_a_block_without_a_squeeze_has_no_one_gate_to_take_back():
    network = block_alone("none")
    with pytest.raises(
        UserError, match=r"Nothing is squeezed in .*each place has gates of its own"
    ):
        gate_places(network, IMAGE, network.probe.sites[0].name, channel=1)


@pytest.mark.parametrize(
    ("block", "channel", "sentence"),
    [
        ("SE_4_7", 0, "There is no block “SE_4_7” in "),
        ("SE_2_1", 999, "“SE_2_1[999]” is not a gate: SE_2_1 has the channels 0 to "),
        ("SE_2_1", -1, "“SE_2_1[-1]” is not a gate of "),
    ],
)
def test_a_gate_that_the_network_lacks_is_named(small, block: str, channel: int, sentence: str):
    with pytest.raises(UserError) as raised:
        gate_places(small, IMAGE, block, channel=channel)
    assert sentence in str(raised.value)


def test_the_cpu_has_it_done_before_a_gpu_is_lent(small):
    assert count_rows(gate_places, small, IMAGE, "SE_2_1", channel=0) == ON_CPU
