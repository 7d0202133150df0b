from copy import deepcopy

import pytest
import torch
from every_host import NETWORKS
from networks import awake
from torch import nn

from seviz.gates.probe import Probe


@pytest.fixture(params=NETWORKS, scope="module")
def network(request) -> tuple[nn.Module, nn.Module, Probe, torch.Tensor]:
    """A bare network, the same one with a probe, its probe, and an image."""
    make, side = NETWORKS[request.param]
    torch.manual_seed(1)
    bare = awake(make())
    probed = deepcopy(bare)
    return bare, probed, Probe(probed), torch.randn(1, 3, side, side)
