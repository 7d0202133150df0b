"""Networks of every host that the probe knows, and what their SE blocks compute, written out."""

from copy import deepcopy

import torch
import torchvision
from timm.layers import EffectiveSEModule
from torch import nn

from seviz.gates.probe import Probe


def effective() -> nn.Module:
    convolution = nn.Conv2d(3, 12, 3)
    return nn.Sequential(convolution, EffectiveSEModule(12), nn.ReLU(), nn.Flatten())


NETWORKS = {  # what `awake` takes, and the side of an image
    **{name: (name, 64) for name in ("seresnet50_slim", "legacy_seresnet18", "efficientnet_b0")},
    "torchvision": (torchvision.models.mobilenet_v3_small, 64),
    "effective": (effective, 16),
}


def without_gates(model: nn.Module, probe: Probe) -> nn.Module:
    """The network with its SE blocks replaced by nn.Identity."""
    model = deepcopy(model)
    for site in probe.sites:
        parent, _, name = site.path.rpartition(".")
        setattr(model.get_submodule(parent), name, nn.Identity())
    return model


def close(a: torch.Tensor, b: torch.Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6 * float(b.abs().max()))


def written_out(block: nn.Module, z: torch.Tensor) -> torch.Tensor:
    """σ(W₂ δ(W₁ z)) by hand, from the block's own weights."""
    linear = [m for m in block.modules() if isinstance(m, nn.Conv2d)]
    flat = [(m.weight.flatten(1), m.bias) for m in linear]
    if len(flat) == 1:  # effective SE: one projection and a hard sigmoid
        w, b = flat[0]
        return ((z @ w.T + b) / 6 + 0.5).clamp(0, 1)
    (w1, b1), (w2, b2) = flat
    hidden = z @ w1.T + b1
    silu = any(isinstance(m, nn.SiLU) for m in block.modules())
    hidden = hidden * torch.sigmoid(hidden) if silu else hidden.clamp(min=0)
    out = hidden @ w2.T + b2
    hard = any(isinstance(m, nn.Hardsigmoid) for m in block.modules())
    return (out / 6 + 0.5).clamp(0, 1) if hard else torch.sigmoid(out)
