import pytest
import torch
from networks import randn
from odd_blocks import BLOCKS, CHANNELS, Functional, Inline, network, shared

from seviz.passes.block import pass_block
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


def opened(model) -> LoadedModel:
    model.pretrained_cfg = {"input_size": (3, 12, 12), "mean": (0, 0, 0), "std": (1, 1, 1)}
    return prepare(wrap("mine", model))


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)
def test_gates_of_given_features_are_the_blocks_with_their_gradients(kind):
    model = network(kind)
    loaded = opened(model)
    (site,) = loaded.probe.sites
    side = 12 if kind is Inline else 5  # which takes its features from the network's pass
    u = randn(1, CHANNELS, side, side).requires_grad_()
    captured = pass_block(loaded, site, u)
    given = u.detach().requires_grad_()
    s = model.layer1[0].gates(given).flatten(1)
    torch.testing.assert_close(captured.s[site.name], s)
    (ours,) = torch.autograd.grad(captured.s[site.name][0, 3], u)
    (expected,) = torch.autograd.grad(s[0, 3], given)
    torch.testing.assert_close(ours, expected)


@pytest.mark.parametrize("use", [0, 1])
def test_each_use_of_a_shared_block_has_the_gates_of_the_features_that_are_given(use):
    model = shared(Functional)
    loaded = opened(model)
    site, z = loaded.probe.sites[use], randn(1, CHANNELS, 1, 1)
    with torch.no_grad():
        captured = pass_block(loaded, site, z)
    torch.testing.assert_close(captured.s[site.name], model.layer1[0].gates(z))
    torch.testing.assert_close(captured.z[site.name], z.flatten(1))
