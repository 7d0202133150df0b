"""SE blocks are found by what they compute, whatever their classes and parts are called."""

import pytest
import torch
from networks import randn, random_network
from odd_blocks import (
    BLOCKS,
    CHANNELS,
    Clamped,
    Clipped,
    CutHardSigmoid,
    Doubled,
    Functional,
    HardSigmoid,
    Inline,
    InSequential,
    OfMaps,
    OfOthers,
    OneProjection,
    Parameters,
    ReluGates,
    Scripted,
    Softmax,
    Spatial,
    ThreeProjections,
    TwoProjections,
    TwoSqueezes,
    network,
    shared,
)
from torch import nn
from torch.nn import functional as f

from seviz.gates.hooks import record
from seviz.gates.kinds import names_of
from seviz.gates.probe import Probe
from seviz.gates.sites import gate_function
from seviz.gates.structure import find_blocks
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.sites import CBAM, ECA, SE

X = (1, 3, 12, 12)


def found(model: nn.Module, size=X):
    with torch.no_grad():
        return find_blocks(record(model, lambda: model(randn(*size))))


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)
def test_a_block_of_any_code_is_found_with_z_s_and_u(kind):
    model, x = network(nn.Identity, kind), randn(*X)
    bare = network(nn.Identity, kind)
    probe = Probe(model, x, thorough=True)
    (site,) = probe.sites
    assert (site.name, site.kind, site.channels) == ("SE_2_2", SE, CHANNELS)
    with probe.ask([INTACT, IDENTITY], features_of=[site.name]) as captured:
        answers = model(x.repeat(2, 1, 1, 1))
    torch.testing.assert_close(answers[:1], bare(x))
    block = bare.layer1[1]
    given = f.relu(bare.stem(x))
    u = block.features(given) if hasattr(block, "features") else given
    s = block.gates(u)
    torch.testing.assert_close(captured.u[site.name][:1], u)
    torch.testing.assert_close(captured.z[site.name][:1], u.mean((2, 3)))
    torch.testing.assert_close(captured.s_computed[site.name][:1], s.flatten(1))
    assert (captured.s[site.name][1] == 1).all()
    opened = u if given is u else given + u  # the block with gates at 1
    torch.testing.assert_close(answers[1:], bare.head(opened.mean((2, 3))))
    if kind is OneProjection:
        assert captured.hidden == {}
    else:
        assert captured.hidden[site.name].flatten(1).shape[1] == site.reduced


@pytest.mark.parametrize(
    ("kind", "width", "excitation", "scales"),
    [
        (Functional, 2, "sigmoid", True),
        (HardSigmoid, 4, "hardsigmoid", True),
        (CutHardSigmoid, 4, "hardsigmoid", True),
        (OneProjection, CHANNELS, "sigmoid", True),
        (Inline, 2, "sigmoid", False),
        (InSequential, 2, "sigmoid", False),
        (ReluGates, 4, "relu", True),
        (Clamped, 4, "clamp", True),
    ],
)
def test_what_is_read_off_a_block(kind, width, excitation, scales):
    (block,) = found(network(kind))
    assert (block.channels, block.reduced, block.excitation) == (CHANNELS, width, excitation)
    assert block.scales is scales
    assert block.path == ("layer1.0.w" if kind is InSequential else "layer1.0")


@pytest.mark.parametrize("kind", [HardSigmoid, CutHardSigmoid, ReluGates, Clamped, Scripted])
def test_gates_are_the_function_that_is_found_of_what_enters_it(kind):
    model = network(kind)
    probe = Probe(model, randn(*X), thorough=True)
    name = probe.sites[0].name
    with probe.ask([INTACT], features_of=[name]) as captured:
        model(10 * randn(*X))
    gates = gate_function(model, probe.places[name])(captured.pre[name])
    torch.testing.assert_close(gates.flatten(1), captured.s_computed[name])


def test_channels_last_features_are_told():
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem, self.block, self.head = nn.Conv2d(3, CHANNELS, 3), Inner(), nn.Linear(8, 5)

        def forward(self, x):
            return self.head(self.block(self.stem(x).permute(0, 2, 3, 1) + 0).mean((1, 2)))

    class Inner(nn.Module):
        def __init__(self):
            super().__init__()
            self.p = nn.Linear(CHANNELS, CHANNELS)

        def forward(self, y):
            return y * torch.sigmoid(self.p(y.mean((1, 2))))[:, None, None]

    model, x = random_network(Last).eval(), randn(1, 3, 10, 14)
    probe = Probe(model, x, thorough=True)
    assert probe.places["block"].channels_last
    with torch.no_grad(), probe.ask([INTACT], features_of=["block"]) as captured:
        model(x)
    assert captured.u["block"].shape == (1, CHANNELS, 8, 12)
    torch.testing.assert_close(captured.u["block"].mean((2, 3)), captured.z["block"])


def test_a_shared_block_is_found_once_a_use_and_each_use_has_its_own_values():
    model, x = shared(Functional), randn(*X)
    first, between = model.layer1[0], model.layer1[1]
    u = f.relu(model.stem(x))
    expected = [first.gates(u), first.gates(between(u * first.gates(u)[..., None, None]))]
    probe = Probe(model, x, thorough=True)
    assert [site.name for site in probe.sites] == ["layer1.0#1", "layer1.0#2"]
    assert not probe.holders_differ
    with torch.no_grad():
        for _ in range(2):  # the uses of each pass are counted anew
            with probe.ask([INTACT]) as captured:
                model(x)
                model(x)
            for site, s in zip(probe.sites, expected, strict=True):
                torch.testing.assert_close(captured.s[site.name], s)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Softmax, "has a softmax between its squeeze and its gates"),
        (Clipped, "ends in a function that seviz does not know as a gate"),
        (Doubled, "ends in a function that seviz does not know as a gate"),
        (OfOthers, "multiplies other features than those that it pools"),
        (ThreeProjections, "has 3 projections between squeeze and gates"),
        (TwoProjections, "joins two tensors by add between its squeeze and its gates"),
    ],
)
def test_what_only_looks_like_a_block_is_named_with_the_reason(kind, why):
    (block,) = found(network(kind))
    assert (block.path, block.unclear, block.places) == ("layer1.0", why, None)


@pytest.mark.parametrize("kind", [Spatial, OfMaps, nn.Identity, nn.SiLU])
def test_what_gates_no_channels_is_not_found(kind):
    assert found(network(kind)) == []


@pytest.mark.parametrize("swapped", [False, True])
def test_the_sum_of_the_mean_and_the_maximum_is_cbam_and_z_is_the_mean(swapped):
    model, x = network(lambda: TwoSqueezes(swapped)), randn(*X)
    probe = Probe(model, x, thorough=True)
    (site,) = probe.sites
    assert (site.kind, site.name, site.reduced) == (CBAM, "CBAM_2_1", 2)
    with torch.no_grad(), probe.ask([INTACT]) as captured:
        model(x)
    u, block = f.relu(model.stem(x)), model.layer1[0]
    torch.testing.assert_close(captured.z[site.name], u.mean((2, 3)))
    s = torch.sigmoid(block.excite(u.mean((2, 3))) + block.excite(u.amax((2, 3))))
    torch.testing.assert_close(captured.s[site.name], s)


def test_a_convolution_over_channels_is_eca_and_not_se():
    class Eca(nn.Module):
        def __init__(self):
            super().__init__()
            self.p = nn.Conv1d(1, 1, 3, padding=1)

        def forward(self, x):
            z = x.mean((2, 3))[:, None]
            return x * torch.sigmoid(self.p(z)).transpose(1, 2)[..., None]

    (block,) = found(network(Eca))
    assert (block.kind, block.reduced) == (ECA, None)


@pytest.mark.parametrize(
    "name",
    ["legacy_seresnet18", "mobilenetv3_small_100", "regnety_002", "ese_vovnet19b_dw", "rexnet_100"],
)
def test_structure_finds_what_the_classes_of_timm_tell(name):
    model = random_network(name).eval()
    blocks = found(model, (1, 3, 64, 64))
    known = {path for path, module in model.named_modules() if names_of(module)}
    assert {block.path for block in blocks} == known
    assert {(block.unclear, block.kind) for block in blocks} == {("", SE)}


def test_an_einsum_is_a_product_where_it_multiplies_each_channel_by_its_gate_alone():
    class Mixed(Functional):
        def forward(self, x):
            return torch.einsum("bchw,bd->bdhw", x, self.gates(x))

    assert found(network(Mixed)) == []
    (block,) = found(network(Parameters))
    assert (block.channels, block.reduced, block.excitation) == (CHANNELS, 2, "sigmoid")
    assert block.scales
