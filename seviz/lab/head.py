"""A norm before the classifier while a network is trained, folded into it when the network ships.

Without one, the classifier reads the last stage's sum as it is, so its logits grow by that stage's
gates: they are driven to 1 and stay there, whatever the photograph (all of stage 5 of the fourth
run's weights). With one, the scale of the sum makes no difference, and the gates are left alone.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

NORM = "global_pool.0."


def add_norm(model: Any, images: Tensor | None = None) -> None:
    """Put a batch norm before the pooling of a ResNet of timm's, N×C×H×W.

    images: N×3×S×S, on which the norm's scale and shift are measured, so that it makes no
    difference to what the network answers to them; none for a network that has learnt nothing.
    """
    norm = nn.BatchNorm2d(model.fc.in_features).to(model.fc.weight.device)
    if images is not None:
        was_training = model.training
        with torch.no_grad():
            features = model.eval().forward_features(images)
            norm.running_var, norm.running_mean = torch.var_mean(features, (0, 2, 3))
            norm.bias.copy_(norm.running_mean)
            norm.weight.copy_((norm.running_var + norm.eps).sqrt())
        model.train(was_training)
    model.global_pool = nn.Sequential(norm, model.global_pool)


def folded(weights: Mapping[str, Tensor], eps: float = 1e-5) -> dict[str, Tensor]:
    """Return a network's weights with the norm before its pooling folded into fc, if it has one."""
    left = {name: value for name, value in weights.items() if not name.startswith(NORM)}
    if len(left) == len(weights):
        return left
    mean, var, gain, bias = (
        weights[NORM + name].double() for name in ("running_mean", "running_var", "weight", "bias")
    )
    linear, scale = weights["fc.weight"].double(), gain / (var + eps).sqrt()
    shift = weights["fc.bias"].double() + linear @ (bias - mean * scale)
    return left | {"fc.weight": (linear * scale).float(), "fc.bias": shift.float()}
