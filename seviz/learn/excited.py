"""What happens between a block's descriptors and its gates, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from timm.layers import SEModule
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.senet import SEModule as LegacySEModule
from torch import Tensor, nn
from torchvision.ops import SqueezeExcitation

from seviz.gates.sites import parts
from seviz.nets.block import SEBlock
from seviz.passes.forward import as_array
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.zoo.models import LoadedModel

# Of each class (`seviz.gates.sites`): from z to the hidden numbers, and the second projection. A
# class that is not here has one projection, and nothing hidden.
HIDDEN: Mapping[type[nn.Module], tuple[tuple[str, ...], str]] = {
    SEModule: (("fc1", "bn", "act"), "fc2"),
    LegacySEModule: (("fc1", "relu"), "fc2"),
    SqueezeExcite: (("conv_reduce", "act1"), "conv_expand"),
    SqueezeExcitation: (("fc1", "activation"), "fc2"),
    SEBlock: (("w1", "delta"), "w2"),
}


@dataclass(frozen=True)
class Excited:
    """From z (C) over the hidden numbers δ(W₁z) to the gates s (C).

    hidden: as many as W₁ has rows; None where a block has one projection only. before: W₂δ(W₁z),
    C, what the last function makes gates of. delta, sigma: the classes of both functions; weights
    and biases: how many parameters the projections have.
    """

    site: Site
    z: Floats
    hidden: Floats | None
    before: Floats
    s: Floats
    delta: str
    sigma: str
    weights: int
    biases: int


@torch.inference_mode()
def excite(loaded: LoadedModel, site_name: str, z: Floats) -> Excited:
    """Follow the descriptors z (C) of a block that squeezes through its own modules."""
    site = next(site for site in loaded.probe.sites if site.name == site_name)
    found = parts(loaded.model, site)
    x = torch.from_numpy(z).to(loaded.device).view(1, -1, 1, 1)
    way, second = next(
        (names for kind, names in HIDDEN.items() if isinstance(found.block, kind)), ((), "")
    )
    hidden = x
    for name in way:
        hidden = found.block.get_submodule(name)(hidden)
    kept = hidden.clone()
    before = (found.block.get_submodule(second) if second else found.first)(hidden)
    layers = [m for m in found.block.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    return Excited(
        site=site,
        z=z,
        hidden=_flat(kept) if way else None,
        before=_flat(before),
        s=_flat(found.gate(before.clone())),
        delta=type(found.block.get_submodule(way[-1])).__name__ if way else "",
        sigma=type(found.gate).__name__,
        weights=sum(layer.weight.numel() for layer in layers),
        biases=sum(layer.bias.numel() for layer in layers if layer.bias is not None),
    )


def _flat(values: Tensor) -> Floats:
    return as_array(values.flatten())
