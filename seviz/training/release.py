"""Gates that stand still, begun anew without changing what the network computes.

At 1 a sigmoid passes no gradient, and a hidden unit that no image turns on passes none either: such
gates never come back by training. Their scale moves into the norm before the SE block, and their
projections begin again as those of a new network.
"""

from typing import Any

import torch
from torch import Tensor, nn

from seviz.training.norms import hidden_units, listen, measure

SATURATED = 0.95  # mean gate of a block, above which it is released
STILL = 0.001  # standard deviation of a block's gates over images, below which it is, too
MIDDLE = 0.5  # about what the gates of new projections are


def release(model: nn.Module, images: Tensor) -> list[str]:
    """Release the gates of a ResNet of timm's that stand still; returns the names of their blocks.

    images: N×3×S×S, those over which a gate's mean is taken. The logits change by what the gates
    varied, which was next to nothing, and by what new gates vary, which is little. A network
    without SE blocks has none to release.
    """
    still = [(site, z, s) for site, z, s in listen(model, images) if _stands_still(s)]
    for site, z, s in still:
        _release(model.get_submodule(site.path.rpartition(".")[0]), z, s)
    return [site.name for site, _, _ in still]


def _stands_still(s: Tensor) -> bool:
    return float(s.mean()) > SATURATED or float(s.std(0).mean()) < STILL


@torch.no_grad()
def _release(block: Any, z: Tensor, s: Tensor) -> None:
    """Release the gates of a residual block (timm's Bottleneck), which were s of z (N×C each)."""
    for projection in (block.se.fc1, block.se.fc2):
        projection.reset_parameters()
        projection.bias.zero_()
    if isinstance(norm := block.se.bn, nn.BatchNorm2d):
        norm.reset_parameters()
        measure(norm, hidden_units(block.se, z))
    gain = s.mean(0) / MIDDLE
    block.bn3.weight.mul_(gain)
    block.bn3.bias.mul_(gain)
