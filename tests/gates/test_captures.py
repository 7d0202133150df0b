import torch
from networks import randn
from odd_blocks import CHANNELS, Inline, OneProjection, TwoSqueezes, network
from torch import nn

import seviz.gates.kinds as kinds
from seviz.gates.captures import is_norm
from seviz.gates.probe import Probe
from seviz.records.arms import INTACT

X = randn(1, 3, 12, 12)


def test_batch_norms_alone_are_norms():
    assert is_norm(nn.BatchNorm2d(2))
    assert not is_norm(nn.LayerNorm(2))


def test_features_stay_as_they_were_though_the_block_multiplies_in_place():
    model = network(OneProjection)
    probe = Probe(model, X, thorough=True)
    with torch.no_grad(), probe.ask([INTACT], features_of=["SE_2_1"]) as captured:
        model(X)
    torch.testing.assert_close(captured.u["SE_2_1"], torch.relu(model.stem(X)))


def test_features_are_put_in_place_where_no_module_takes_them_alone():
    model = network(Inline)
    probe, block = Probe(model, X, thorough=True), model.layer1[0]
    z = randn(1, CHANNELS, 1, 1)
    with torch.no_grad(), probe.ask([INTACT], put_u={"SE_2_1": z}, until="SE_2_1") as captured:
        model(X)
    torch.testing.assert_close(captured.z["SE_2_1"], z.flatten(1))
    torch.testing.assert_close(captured.s["SE_2_1"], block.gates(z).flatten(1))


def test_of_two_descriptors_the_first_one_is_z(monkeypatch):
    monkeypatch.setattr(kinds, "REGISTERED", {})
    kinds.register(TwoSqueezes, first="a", second="b", gate="sigmoid")
    model = network(TwoSqueezes)
    probe = Probe(model, X)
    with torch.no_grad(), probe.ask([INTACT]) as captured:
        for _ in range(2):  # in each pass
            model(X)
    torch.testing.assert_close(captured.z["SE_2_1"], torch.relu(model.stem(X)).mean((2, 3)))
