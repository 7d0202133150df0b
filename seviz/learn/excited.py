"""The steps from a block's descriptors to its gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seviz.passes.gpu_seconds import on_cpu
from seviz.records.numbers import Floats
from seviz.records.sites import Site

if TYPE_CHECKING:
    from torch import Tensor

    from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class Excitation:
    """From z (C) over the hidden numbers δ(W₁z) to the gates s (C).

    hidden: as many as W₁ has rows; None where a block has one projection only. before: W₂δ(W₁z),
    C, the input of the last function. delta, sigma: the classes of both functions; weights
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


@on_cpu
def excite(loaded: LoadedModel, site_name: str, z: Floats) -> Excitation:
    """Follow the descriptors z (C) of a block that squeezes through its own modules."""
    import torch
    from torch import nn

    from seviz.gates.sites import parts

    site = next(site for site in loaded.probe.sites if site.name == site_name)
    found = parts(loaded.model, site)
    x = torch.from_numpy(z).to(loaded.device).view(1, -1, 1, 1)
    with torch.inference_mode():
        before, hidden = found.first(x), None
        if found.second is not None:
            hidden = nn.Sequential(*found.hidden)(before)
            before = found.second(hidden)
        gates = found.gate(before.clone())
    layers = [m for m in found.block.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    return Excitation(
        site=site,
        z=z,
        hidden=None if hidden is None else _flat(hidden),
        before=_flat(before),
        s=_flat(gates),
        delta=type(found.hidden[-1]).__name__ if found.hidden else "",
        sigma=type(found.gate).__name__,
        weights=sum(layer.weight.numel() for layer in layers),
        biases=sum(layer.bias.numel() for layer in layers if layer.bias is not None),
    )


def _flat(values: Tensor) -> Floats:
    from seviz.passes.forward import as_array

    return as_array(values.flatten())
