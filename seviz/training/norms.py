"""Norms that a network has only while it is trained, folded into its weights when it ships.

One stands before the classifier. Without it, the classifier reads the last stage's sum as it is, so
its logits grow by that stage's gates: they are driven to 1 and stay there, whatever the photograph
(all of stage 5 of the fourth run's weights). With it, the scale of the sum makes no difference, and
the gates are left alone.

One stands after W₁ of each SE block, where timm's SEModule has a place for it. Without it, a step
of W₁ moves a hidden unit by |z|², and stage 5's z are long and have most in common: at a rate that
suits the convolutions all hidden units are off for every image within 200 steps, and the gates are
constants (the fifth run's weights). With it, a hidden unit is on for about half of the images.
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

    images: N×3×S×S, on which the norm's scale and shift are measured, so that it makes no
    difference to what the network answers to them; none for a network that has learnt nothing.
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
    squeezed = {site.path: z for site, z, _ in listen(model, images)} if images is not None else {}
    for path, block in model.named_modules():
        if path.endswith(GATE.rpartition(".")[0]):
            hidden = hidden_units(block, squeezed[path]) if squeezed else None
            block.bn = _norm(block.fc1.out_channels, hidden)


@torch.no_grad()
def listen(model: nn.Module, images: Tensor) -> list[tuple[Site, Tensor, Tensor]]:
    """Hear each SE block's z and s, N×C, on images, N×3×S×S; a network without any has none."""
    listening = deepcopy(model).eval()  # a probe's hooks stay
    try:
        probe = Probe(listening)
    except UserError:  # no SE block
        return []
    with probe.ask([INTACT], [0] * len(images)) as captured:
        listening(images)
    return [(site, captured.z[site.name], captured.s[site.name]) for site in probe.sites]


@torch.no_grad()
def hidden_units(block: Any, z: Tensor) -> Tensor:
    """Compute what W₁ of an SE block (timm's SEModule) makes of z, N×C; N×hidden×1×1."""
    hidden: Tensor = block.fc1(z[..., None, None])
    return hidden


def _norm(channels: int, values: Tensor | None) -> nn.BatchNorm2d:
    """Make a batch norm; where it is given values, N×channels×H×W, it leaves them as they are."""
    norm = nn.BatchNorm2d(channels)
    if values is not None:
        var, mean = measure(norm, values)
        with torch.no_grad():
            norm.bias.copy_(mean)
            norm.weight.copy_((var + norm.eps).sqrt())
    return norm


def measure(norm: nn.BatchNorm2d, values: Tensor) -> tuple[Tensor, Tensor]:
    """Set a norm's variance and mean to those of values, N×C×H×W; returns them."""
    var, mean = torch.var_mean(values, (0, 2, 3))
    norm.running_var, norm.running_mean = var, mean
    return var, mean


def folded(weights: Mapping[str, Tensor], eps: float = 1e-5) -> dict[str, Tensor]:
    """Return a network's weights with these norms folded into what stands beside them, if any."""
    left = dict(weights)
    if HEAD + ".weight" in left:
        scale, shift = _taken(left, HEAD, eps)
        linear = left["fc.weight"].double()
        left["fc.bias"] = (left["fc.bias"].double() + linear @ shift).float()
        left["fc.weight"] = (linear * scale).float()
    for block in [name.removesuffix(GATE + ".weight") for name in left if GATE + ".weight" in name]:
        scale, shift = _taken(left, block + GATE, eps)
        first = block + ".se.fc1"
        left[first + ".weight"] = (left[first + ".weight"] * scale[:, None, None, None]).float()
        left[first + ".bias"] = (left[first + ".bias"] * scale + shift).float()
    return left


def _taken(weights: dict[str, Tensor], norm: str, eps: float) -> tuple[Tensor, Tensor]:
    """Take a norm out of weights; returns the scale and the shift that it comes to."""
    mean, var, gain, bias, _ = (
        weights.pop(f"{norm}.{name}").double()
        for name in ("running_mean", "running_var", "weight", "bias", "num_batches_tracked")
    )
    scale = gain / (var + eps).sqrt()
    return scale, bias - mean * scale
