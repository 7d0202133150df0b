"""Norms that a network has only during training; they are folded into the weights it ships with.

The head norm is before the classifier. Without it, the classifier reads the last stage's sum
unscaled, so larger gates mean larger logits: training drives that stage's gates to 1 for every
photograph (all of stage 5 in the fourth run's weights). With it, the scale of the sum has no
effect.

The gate norms are after W₁ of each SE block, where timm's SEModule has a place for one. Without
them, a step of W₁ moves a hidden unit by |z|². Stage 5's z are long and similar for all images: at
a rate that suits the convolutions all hidden units are off for every image within 200 steps, and
the gates are constants (the fifth run's weights). With them, a hidden unit is on for about half of
the images.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.probe import Probe
from seviz.records.arms import INTACT
from seviz.records.sites import Site

HEAD = "global_pool.0"
GATE = ".se.bn"


def add_head_norm(model: Any, images: Tensor | None = None) -> None:
    """Put a batch norm before the pooling of a ResNet of timm's, N×C×H×W.

    images: N×3×S×S, on which the norm's scale and shift are measured, so that the network's answers
    to them stay as they are; None for an untrained network.
    """
    features = None
    if images is not None:
        was_training = model.training
        with torch.no_grad():
            features = model.eval().forward_features(images)
        model.train(was_training)
    model.global_pool = nn.Sequential(_norm(model.fc.in_features, features), model.global_pool)


def add_gate_norms(model: nn.Module, images: Tensor | None = None) -> None:
    """Put a batch norm after W₁ of each SE block of a ResNet of timm's, N×C×1×1.

    images: as for `add_head_norm`. A network without SE blocks gets none.
    """
    squeezed = (
        {site.path: z for site, z, _ in capture_gates(model, images)} if images is not None else {}
    )
    for path, block in model.named_modules():
        if path.endswith(GATE.rpartition(".")[0]):
            hidden = hidden_units(block, squeezed[path]) if squeezed else None
            block.bn = _norm(block.fc1.out_channels, hidden)


@torch.no_grad()
def capture_gates(model: nn.Module, images: Tensor) -> list[tuple[Site, Tensor, Tensor]]:
    """Return each SE block with its z and s, N×C, on images N×3×S×S; empty without SE blocks."""
    copied = deepcopy(model).eval()  # a copy, as a probe's hooks stay
    try:
        probe = Probe(copied)
    except UserError:  # no SE block
        return []
    with probe.ask([INTACT], [0] * len(images)) as captured:
        copied(images)
    return [(site, captured.z[site.name], captured.s[site.name]) for site in probe.sites]


@torch.no_grad()
def hidden_units(block: Any, z: Tensor) -> Tensor:
    """Compute W₁z of an SE block (timm's SEModule); z: N×C; returns N×hidden×1×1."""
    hidden: Tensor = block.fc1(z[..., None, None])
    return hidden


def _norm(channels: int, values: Tensor | None) -> nn.BatchNorm2d:
    """Make a batch norm that leaves values, N×channels×H×W, unchanged; a new one without values."""
    norm = nn.BatchNorm2d(channels)
    if values is not None:
        var, mean = set_statistics(norm, values)
        with torch.no_grad():
            norm.bias.copy_(mean)
            norm.weight.copy_((var + norm.eps).sqrt())
    return norm


def set_statistics(norm: nn.BatchNorm2d, values: Tensor) -> tuple[Tensor, Tensor]:
    """Set a norm's variance and mean to those of values, N×C×H×W; returns them."""
    var, mean = torch.var_mean(values, (0, 2, 3))
    norm.running_var, norm.running_mean = var, mean
    return var, mean


def fold_norms(weights: Mapping[str, Tensor], eps: float = 1e-5) -> dict[str, Tensor]:
    """Return weights without these norms, which are folded into the adjacent linear layers."""
    left = dict(weights)
    if HEAD + ".weight" in left:
        scale, shift = _pop_norm(left, HEAD, eps)
        linear = left["fc.weight"].double()
        left["fc.bias"] = (left["fc.bias"].double() + linear @ shift).float()
        left["fc.weight"] = (linear * scale).float()
    for block in [name.removesuffix(GATE + ".weight") for name in left if GATE + ".weight" in name]:
        scale, shift = _pop_norm(left, block + GATE, eps)
        first = block + ".se.fc1"
        left[first + ".weight"] = (left[first + ".weight"] * scale[:, None, None, None]).float()
        left[first + ".bias"] = (left[first + ".bias"] * scale + shift).float()
    return left


def _pop_norm(weights: dict[str, Tensor], norm: str, eps: float) -> tuple[Tensor, Tensor]:
    """Remove a norm from weights; returns its scale and shift."""
    mean, var, gain, bias, _ = (
        weights.pop(f"{norm}.{name}").double()
        for name in ("running_mean", "running_var", "weight", "bias", "num_batches_tracked")
    )
    scale = gain / (var + eps).sqrt()
    return scale, bias - mean * scale
