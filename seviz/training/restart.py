"""Restart of gates that are constant, with almost no change of the network's answers.

A sigmoid at 1 passes no gradient, nor does a hidden unit that is off for every image: training
can't make such gates move again. So their mean goes into the norm before the SE block, and their
projections get new random weights.
"""

from typing import Any

import torch
from torch import Tensor, nn

from seviz.training.norms import capture_gates, hidden_units, set_statistics

SATURATED = 0.95  # mean gate of a block, above which its gates restart
STILL = 0.001  # standard deviation of a block's gates over images, below which they restart, too
MIDDLE = 0.5  # the approximate gates of new projections


def restart_gates(model: nn.Module, images: Tensor) -> list[str]:
    """Restart the constant gates of a ResNet of timm's; returns the names of their blocks.

    images: N×3×S×S, over which a gate's mean is taken. The logits change slightly: the old gates
    varied almost nothing, the new ones vary little. A network without SE blocks stays as it is.
    """
    constant = [(site, z, s) for site, z, s in capture_gates(model, images) if _is_constant(s)]
    for site, z, s in constant:
        _restart(model.get_submodule(site.path.rpartition(".")[0]), z, s)
    return [site.name for site, _, _ in constant]


def _is_constant(s: Tensor) -> bool:
    return float(s.mean()) > SATURATED or float(s.std(0).mean()) < STILL


@torch.no_grad()
def _restart(block: Any, z: Tensor, s: Tensor) -> None:
    """Restart the gates of a residual block (timm's Bottleneck); z and s: N×C, from before."""
    for projection in (block.se.fc1, block.se.fc2):
        projection.reset_parameters()
        projection.bias.zero_()
    if isinstance(norm := block.se.bn, nn.BatchNorm2d):
        norm.reset_parameters()
        set_statistics(norm, hidden_units(block.se, z))
    gain = s.mean(0) / MIDDLE
    block.bn3.weight.mul_(gain)
    block.bn3.bias.mul_(gain)
