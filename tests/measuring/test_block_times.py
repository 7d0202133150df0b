import pytest
import torch
from networks import awake
from torch import nn

from seviz.measuring import block_times
from seviz.measuring.block_times import time_shares
from seviz.zoo.models import prepare
from seviz.zoo.sources import wrap


def test_a_block_has_the_share_of_the_pass_that_it_takes(monkeypatch):
    network = prepare(wrap("small", awake("lab_resnet_se")))
    slow, now = network.probe.sites[2], [0.0]

    # The clock counts 1 at each look, and 100 more where the slow block computes.
    def clock(kind: str) -> float:
        now[0] += 1
        return now[0]

    class Slow(nn.Module):
        def __init__(self, block: nn.Module) -> None:
            super().__init__()
            self.block = block

        def forward(self, x):
            now[0] += 100
            return self.block(x)

    def build(source):
        model = source.build().eval()
        model.set_submodule(slow.path, Slow(model.get_submodule(slow.path)))
        return model

    monkeypatch.setattr(block_times, "clock", clock)
    monkeypatch.setattr(block_times, "build_network", build)
    shares = time_shares(network)
    count = len(network.probe.sites)
    whole = 100 + 2 * count + 1  # two looks a block, and the last one
    assert shares[slow.name] == pytest.approx(101 / whole)
    others = [share for name, share in shares.items() if name != slow.name]
    assert others == pytest.approx([1 / whole] * (count - 1))


def test_the_network_stays_as_it_was():
    network = prepare(wrap("small", awake("lab_resnet_se")))
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        before = network.model(x)
        shares = time_shares(network)
        assert torch.equal(network.model(x), before)
    assert list(shares) == [site.name for site in network.probe.sites]
    assert all(0 < share < 1 for share in shares.values())
    assert sum(shares.values()) < 1
