"""The steps from a block's descriptors to its gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seviz.passes.gpu_seconds import on_cpu
from seviz.records.numbers import Floats
from seviz.records.sites import Site

if TYPE_CHECKING:
    from torch import Tensor, nn

    from seviz.zoo.models import LoadedModel

# Functions of torch by the names of their classes; any other is one of the block's own code.
_NAMES = ("ReLU", "ReLU6", "GELU", "SiLU", "Mish", "Hardswish")
ACTIVATIONS = {
    name.lower(): name for name in ("ReLU", "ReLU6", "GELU", "SiLU", "Mish", "Hardswish")
}
OWN = "a function of its own"


@dataclass(frozen=True)
class Excitation:
    """From z (C) over the hidden numbers δ(W₁z) to the gates s (C).

    hidden: as many as W₁ has rows; None where a block has one projection only. before: W₂δ(W₁z),
    C, the input of the last function. delta, sigma: the names of both functions; weights
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

    from seviz.passes.block import pass_block

    site = next(site for site in loaded.probe.sites if site.name == site_name)
    places = loaded.probe.places[site_name]
    x = torch.from_numpy(z).to(loaded.device).view(1, -1, 1, 1)
    with torch.inference_mode():
        captured = pass_block(loaded, site, x)
    hidden = captured.hidden.get(site_name)
    layers = _projections(loaded, site)
    return Excitation(
        site=site,
        z=z,
        hidden=None if hidden is None else _flat(hidden),
        before=_flat(captured.pre[site_name]),
        s=_flat(captured.s[site_name]),
        delta=_function(loaded, places.hidden),
        sigma=places.function or _function(loaded, places.gate),
        weights=sum(layer.weight.numel() for layer in layers),
        biases=sum(layer.bias.numel() for layer in layers if layer.bias is not None),
    )


def _projections(loaded: LoadedModel, site: Site) -> list[nn.Conv2d | nn.Linear]:
    """List the layers that make gates of z."""
    from torch import nn

    from seviz.gates.sites import modules_of

    parts = modules_of(loaded.model, site, loaded.probe.places[site.name])
    return [m for part in parts for m in part.modules() if isinstance(m, nn.Conv2d | nn.Linear)]


def _function(loaded: LoadedModel, place: str) -> str:
    """Return the name of the class at a place, or of the function that is called there."""
    from seviz.gates.placing import call_of

    if not place:
        return ""
    call = call_of(place)
    return (
        ACTIVATIONS.get(call[1], OWN) if call else type(loaded.model.get_submodule(place)).__name__
    )


def _flat(values: Tensor) -> Floats:
    from seviz.passes.forward import as_array

    return as_array(values.flatten())
