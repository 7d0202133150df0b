"""Which classes are SE blocks or relatives, and how a class of one's own is registered."""

import pytest
import timm
import torch
from networks import randn, random_network
from odd_blocks import CHANNELS, Doubled, Functional, WrittenOut, network
from timm.layers import CecaModule, ConvMlp, EcaModule, GatherExcite, GlobalContext, SplitAttn
from timm.layers.cbam import ChannelAttn, LightChannelAttn
from torch import nn

import seviz
from seviz.errors import UserError
from seviz.gates import kinds
from seviz.gates.kinds import names_of, register, registered_class, unregister, why_not
from seviz.gates.probe import Probe
from seviz.gates.sites import search
from seviz.records.arms import IDENTITY, INTACT


def gather_excite() -> GatherExcite:
    """Make a block with weights; timm's constructor can't (1.0.31 gives an argument twice)."""
    block = GatherExcite(CHANNELS, use_mlp=False)
    block.mlp = ConvMlp(CHANNELS, 2)
    return block


MAKERS = {
    "ECA": lambda: EcaModule(CHANNELS),
    "ECA, circular": lambda: CecaModule(CHANNELS),
    "CBAM": lambda: ChannelAttn(CHANNELS, rd_channels=2),
    "CBAM, light": lambda: LightChannelAttn(CHANNELS, rd_channels=2),
    "GE": lambda: gather_excite(),
    "GE, no weights": lambda: GatherExcite(CHANNELS, use_mlp=False),
    "GC": lambda: GlobalContext(CHANNELS, rd_channels=2),
    "SA": lambda: SplitAttn(CHANNELS, radix=1, norm_layer=nn.BatchNorm2d),
}


@pytest.fixture(autouse=True)
def _known_classes_stay(monkeypatch):
    monkeypatch.setattr(kinds, "REGISTERED", {})


def squeezed(kind: str, block: nn.Module, u: torch.Tensor) -> torch.Tensor:
    """Write out what a relative squeezes of features."""
    if kind == "CBAM, light":
        return (u.mean((2, 3)) + u.amax((2, 3))) / 2
    if kind == "GC":
        weights = torch.softmax(block.conv_attn(u).flatten(1), 1)
        return (u.flatten(2) * weights[:, None]).sum(2)
    return u.mean((2, 3))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_relative_has_a_name_of_its_own_and_its_z_s_and_u(kind):
    model, bare = network(MAKERS[kind]), network(MAKERS[kind])
    x = randn(2, 3, 12, 12)
    probe = Probe(model, x[:1])
    (site,) = probe.sites
    assert site.kind == kind.partition(",")[0]
    assert site.name == f"{site.kind}_2_1"
    assert site.channels == CHANNELS
    block, given = bare.layer1[0], torch.relu(bare.stem(x))
    with torch.no_grad(), probe.ask([INTACT, IDENTITY], features_of=[site.name]) as captured:
        model(x)
    u = captured.u[site.name]
    if site.kind == "SA":
        torch.testing.assert_close(u, block.act0(block.bn0(block.conv(given))))
    else:
        torch.testing.assert_close(u, given)
    torch.testing.assert_close(captured.z[site.name], squeezed(kind, block, u))
    s = captured.s_computed[site.name]
    torch.testing.assert_close(block(given), u * s[..., None, None])
    assert (captured.s[site.name][1] == 1).all()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: SplitAttn(CHANNELS, radix=2), "has 2 gates for each channel"),
        (lambda: GatherExcite(CHANNELS, extent=4, use_mlp=False), "gates for each place"),
        (lambda: GlobalContext(CHANNELS, fuse_add=True, fuse_scale=False), "has no gates"),
    ],
)
def test_a_relative_without_one_gate_a_channel_is_not_opened_and_told(make, why):
    assert why in why_not(make())
    with pytest.raises(UserError, match=f"Network has no Squeeze.*layer1.0 .*{why}.*; choose"):
        search(network(make))


def test_a_network_whose_relatives_add_is_told_so():
    model = random_network("gcresnet33ts").eval()
    with pytest.raises(UserError, match=r"stages.0.0.attn \(Global Context\) adds to its features"):
        search(model)


@pytest.mark.parametrize("name", ["ecaresnet26t", "resnest50d_1s4x24d"])
def test_a_network_of_relatives_opens_with_no_se_block(name):
    model, x = random_network(name).eval(), randn(1, 3, 64, 64)
    probe = Probe(model, x)
    assert "SE" not in {site.kind for site in probe.sites}
    with torch.no_grad(), probe.ask([INTACT]) as captured:
        model(x)
    for site in probe.sites:
        assert captured.z[site.name].shape == captured.s[site.name].shape == (1, site.channels)


def test_eca_tells_its_channels_by_a_pass_alone():
    with pytest.raises(UserError, match="Probe needs an example to know how many channels"):
        Probe(network(MAKERS["ECA"]))


def test_a_registered_class_is_opened_though_its_structure_is_not_clear():
    model, x = network(Doubled), randn(1, 3, 12, 12)
    with pytest.raises(UserError, match=r"layer1.0 ends in a function .*seviz\.register\(Doubled,"):
        Probe(model, x, thorough=True)
    seviz.register(Doubled, first="a", hidden="relu", second="b", gate="mul")
    probe = Probe(model, x)
    (site,) = probe.sites
    assert (site.name, site.channels, site.reduced) == ("SE_2_1", CHANNELS, 2)
    assert site.excitation == "relu"  # these gates are above 1, too
    with torch.no_grad(), probe.ask([INTACT]) as captured:
        model(x)
    gates = model.layer1[0].gates(torch.relu(model.stem(x)))
    torch.testing.assert_close(captured.s[site.name], 2 * gates)


def test_a_subclass_of_a_known_class_can_be_registered_and_comes_first():
    class Mine(timm.layers.SEModule):
        pass

    register(Mine, first="fc1", hidden=("bn", "act"), second="fc2", gate="gate", squeeze="fc1")
    assert names_of(Mine(16)).squeeze == "fc1"
    assert names_of(timm.layers.SEModule(16)).squeeze is None


def test_the_nearest_class_counts_whatever_was_registered_last():
    class Mine(Functional):
        pass

    register(Mine, first="a", gate="sigmoid")
    register(Functional, first="b", gate="tanh")
    assert names_of(Mine()).gate == "sigmoid"
    assert registered_class(Mine()) is Mine
    assert registered_class(timm.layers.SEModule(16)) is None


def test_what_was_registered_is_replaced_and_taken_back():
    model, x = network(WrittenOut), randn(1, 3, 12, 12)
    seviz.register(WrittenOut, first="a", gate="exp")
    with pytest.raises(UserError, match="don't fit"):
        Probe(model, x)
    seviz.register(WrittenOut, first="a", hidden="relu", second="b", gate="rdiv")
    assert Probe(model, x).places["SE_2_1"].gate == "layer1.0:rdiv#0"
    seviz.unregister(WrittenOut)
    with pytest.raises(UserError, match="no Squeeze-and-Excitation block; choose"):
        Probe(model, x)
    assert len(Probe(model, x, thorough=True).sites) == 1
    with pytest.raises(UserError, match=r"registered for WrittenOut.*registered: none\."):
        seviz.unregister(WrittenOut)


def test_a_class_that_seviz_knows_gets_its_own_names_back():
    known = names_of(timm.layers.SEModule(16))
    seviz.register(timm.layers.SEModule, first="fc1", second="fc2", gate="sigmoid")
    assert names_of(timm.layers.SEModule(16)) != known
    seviz.unregister(timm.layers.SEModule)
    assert names_of(timm.layers.SEModule(16)) == known


@pytest.mark.parametrize("wrong", [Functional(), nn.functional.relu, int])
def test_what_is_no_class_of_modules_is_refused(wrong):
    with pytest.raises(UserError, match=r"register takes a class of.*\(MySE, first=\"fc1\""):
        register(wrong, first="a", gate="sigmoid")
    with pytest.raises(UserError, match=r"unregister takes a class of.*\(MySE\)\."):
        unregister(wrong)


@pytest.mark.parametrize(
    ("role", "wrong"), [("first", ""), ("gate", None), ("hidden", ("relu", 3)), ("second", 1.5)]
)
def test_a_part_that_is_no_name_is_refused(role, wrong):
    given = {"first": "a", "gate": "sigmoid", role: wrong}
    with pytest.raises(UserError, match=f"^{role} is .*; a part is the name of an attribute"):
        register(Functional, **given)
