"""Networks in which fixed scales stand in place of SE blocks."""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from torch import nn

from seviz.gates.sites import find_sites
from seviz.nets.scale import ChannelScale


def made_gates(model: nn.Module, seed: int = 0, least: float = 0.0) -> dict[str, np.ndarray]:
    """Draw a gate from least … 1 for each channel of each SE block, by the blocks' names."""
    rng = np.random.default_rng(seed)
    return {
        site.name: rng.uniform(least, 1, site.channels).astype(np.float32)
        for site in find_sites(model)
    }


def with_scales(model: nn.Module, gates: Mapping[str, np.ndarray]) -> tuple[nn.Module, list[str]]:
    """Copy a network with scales in place of its SE blocks; returns the copy and their paths."""
    scaled, paths = deepcopy(model), []
    for site in find_sites(model):
        scale = ChannelScale(site.channels)
        scale.scale.copy_(torch.from_numpy(gates[site.name]))
        scaled.set_submodule(site.path, scale)
        paths.append(site.path)
    return scaled, paths


def off(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Return by how much logits are off, in parts of the expected ones' norm."""
    return float(((found - expected).norm() / expected.norm()).detach())
