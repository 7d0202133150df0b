from copy import deepcopy

import pytest
import torch
from every_host import NETWORKS
from networks import awake, randn
from torch import nn

from seviz.gates.probe import Probe


@pytest.fixture(params=NETWORKS, scope="module")
def network(request) -> tuple[nn.Module, nn.Module, Probe, torch.Tensor]:
    """A bare network, the same one with a probe, its probe, and an image."""
    make, side = NETWORKS[request.param]
    bare = awake(make, seed=1)
    probed = deepcopy(bare)
    return bare, probed, Probe(probed), randn(1, 3, side, side, seed=1)
