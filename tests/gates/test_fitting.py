"""Registered parts are those of SE blocks, or the first pass says what does not fit."""

import pytest
import torch
from networks import randn
from odd_blocks import (
    CHANNELS,
    Added,
    Doubled,
    Functional,
    HalfGated,
    Inline,
    Normed,
    OfOthers,
    OneProjection,
    Parameters,
    Permuted,
    SigmoidTwice,
    Softmax,
    WrittenOut,
    network,
    shared,
)
from torch import nn

import seviz
from seviz.errors import UserError
from seviz.gates import kinds
from seviz.gates.kinds import register
from seviz.gates.probe import Probe
from seviz.gates.sites import gate_function
from seviz.records.arms import IDENTITY, INTACT

X = randn(1, 3, 12, 12)
USUAL = {"first": "a", "hidden": "relu", "second": "b", "gate": "sigmoid"}


@pytest.fixture(autouse=True)
def _nothing_stays_registered(monkeypatch):
    monkeypatch.setattr(kinds, "REGISTERED", {})


FITTING = {
    Functional: USUAL,
    Added: USUAL,
    WrittenOut: {**USUAL, "gate": "rdiv"},
    Parameters: {"first": "matmul", "hidden": "relu", "second": "matmul#1", "gate": "rdiv"},
    Permuted: {**USUAL, "hidden": "gelu"},
    OneProjection: {"first": "p", "gate": "sigmoid"},
    Normed: {"first": "a", "hidden": ("n", "r"), "second": "b", "gate": "g"},
    Inline: {**USUAL, "hidden": "relu#1", "squeeze": "avg_pool2d"},
}


@pytest.mark.parametrize("kind", FITTING, ids=lambda kind: kind.__name__)
def test_parts_that_fit_give_the_blocks_own_u_z_and_s(kind):
    register(kind, **FITTING[kind])
    model, bare = network(kind), network(kind)
    probe = Probe(model, X)
    (site,) = probe.sites
    assert (site.name, site.channels, site.excitation) == ("SE_2_1", CHANNELS, "sigmoid")
    assert site.scales is (kind not in (Added, Inline))
    with torch.no_grad(), probe.ask([INTACT, IDENTITY], features_of=[site.name]) as captured:
        answers = model(X.repeat(2, 1, 1, 1))
    given = torch.relu(bare.stem(X))
    u = bare.layer1[0].features(given) if kind is Inline else given
    s = bare.layer1[0].gates(u).flatten(1)
    torch.testing.assert_close(captured.z[site.name][:1], u.mean((2, 3)))
    torch.testing.assert_close(captured.s_computed[site.name][:1], s)
    assert not torch.allclose(answers[0], answers[1])
    if site.reduced is not None and "second" in FITTING[kind]:
        assert site.reduced == captured.hidden[site.name].flatten(1).shape[1]
    function = gate_function(model, probe.places[site.name])
    torch.testing.assert_close(function(captured.pre[site.name][:1]), s)


def test_each_use_of_a_shared_block_is_a_site():
    register(Functional, **USUAL)
    assert [site.use for site in Probe(shared(Functional), X).sites] == [0, 1]


def test_channels_last_features_are_told():
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.p = nn.Linear(CHANNELS, CHANNELS)

        def forward(self, y):
            return y * torch.sigmoid(self.p(y.mean((1, 2))))[:, None, None]

    class Around(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Last()

        def forward(self, x):
            return self.inner(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    register(Last, first="p", gate="sigmoid")
    model, x = network(Around), randn(1, 3, 10, 14)
    probe = Probe(model, x)
    (site,) = probe.sites
    assert probe.places[site.name].channels_last
    assert site.scales
    with torch.no_grad(), probe.ask([INTACT], features_of=[site.name]) as captured:
        model(x)
    torch.testing.assert_close(captured.u[site.name].mean((2, 3)), captured.z[site.name])


def test_a_gate_that_needs_more_than_its_own_value_is_not_made_of_it():
    register(Softmax, **{**USUAL, "gate": "softmax"})
    model = network(Softmax)
    probe = Probe(model, X)
    with pytest.raises(UserError, match=r"made by “softmax”, .*; explain a class"):
        gate_function(model, probe.places["SE_2_1"])


MISFITS = [
    (WrittenOut, {"gate": "reciprocal"}, "never calls “reciprocal”.*by the result of “rdiv”"),
    (WrittenOut, {"gate": "div"}, "never calls “div”, its gate function; U is multiplied by .*“rd"),
    (WrittenOut, {"gate": "exp"}, "not multiplied by the result of “exp”.*the result of “rdiv”"),
    (Functional, {"first": "conv2d"}, "never calls “conv2d”, its first projection"),
    (Functional, {"hidden": "relu#1"}, "never calls “relu#1”, its hidden part"),
    (
        Functional,
        {"first": "b", "hidden": (), "second": "a"},
        "comes to “a”, its second projection, before “b”",
    ),
    (Functional, {"gate": "relu"}, "comes to “relu”, its gate .*by the result of “sigmoid”"),
    (Functional, {"squeeze": "relu"}, r"the features U are of 1×2, and an SE block's are of N×C×H"),
    (
        Functional,
        {"first": "b", "hidden": (), "second": None},
        "“b”, .* gets 2 values",
    ),
    (HalfGated, {}, "“sigmoid”, its gate function, returns 4 values .* 8 channels"),
    (Doubled, {}, "not multiplied by the result of “sigmoid”.*result of “mul”"),
    (SigmoidTwice, {"hidden": (), "gate": "g"}, "calls “g”, its gate function, 2 times; name the"),
    (
        Parameters,
        {"first": "matmul", "second": "matmul#1", "gate": "exp"},
        "not multiplied by the result of “exp”.*by the result of “rdiv”",
    ),
]


@pytest.mark.parametrize(("kind", "given", "says"), MISFITS)
def test_parts_that_do_not_fit_are_told_where_a_probe_is_put_on(kind, given, says):
    register(kind, **{**USUAL, **given})
    pattern = rf"^The parts registered for {kind.__name__} \(layer1\.0\) don't fit: .*{says}"
    model = network(kind)
    with pytest.raises(UserError, match=pattern):
        Probe(model, X)
    with pytest.raises(UserError, match=pattern):
        Probe(model, X, thorough=True)
    assert not any(part._forward_hooks for part in model.modules())


def test_other_features_than_those_that_enter_are_told_though_the_gate_is_right():
    register(OfOthers, **USUAL)
    with pytest.raises(UserError, match=r"result of “sigmoid”, its gate function\. Register it ag"):
        Probe(network(lambda: nn.Conv2d(CHANNELS, CHANNELS, 1), OfOthers), X)


def test_a_probe_of_registered_parts_needs_an_example_that_passes():
    register(Functional, **USUAL)
    with pytest.raises(UserError, match=r"needs an example .* the parts fit that were registered"):
        Probe(network(Functional))
    with pytest.raises(UserError, match="can't be passed an input of 5×12×12"):
        Probe(network(Functional), randn(1, 5, 12, 12))


def test_a_wrapped_module_is_told_and_given_back():
    register(WrittenOut, **{**USUAL, "gate": "reciprocal"})
    model = network(WrittenOut).train().requires_grad_(True)
    with pytest.raises(UserError, match="The parts registered for WrittenOut"):
        seviz.wrap(model, input_size=12)
    assert model.training
    assert all(parameter.requires_grad for parameter in model.parameters())
    seviz.unregister(WrittenOut)
    with seviz.wrap(model, input_size=12) as opened:
        assert len(opened.blocks) == 1


def test_a_gate_whose_function_is_not_known_is_traced_and_can_not_be_explained(photo):
    register(Softmax, **{**USUAL, "gate": "softmax"})
    with seviz.wrap(network(Softmax), input_size=12) as opened:
        s = opened.trace(photo).to_arrays()["s/SE_2_1"][0]
        assert s.sum() == pytest.approx(1, abs=1e-4)
        with pytest.raises(UserError, match=r"made by “softmax”, .*; explain a class"):
            opened.attribute(photo, target="SE_2_1[3]")
