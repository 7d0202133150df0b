"""Which places of a photograph open one gate, to first order."""

import torch

from seviz.errors import UserError
from seviz.gates.grammar import named_gate
from seviz.passes.block import pass_block
from seviz.passes.derivatives import derivatives
from seviz.passes.forward import as_array, as_batch
from seviz.passes.gpu_seconds import on_cpu
from seviz.passes.logits import logits_of
from seviz.records.arms import INTACT
from seviz.records.numbers import Floats
from seviz.records.places import GatePlaces
from seviz.zoo.models import LoadedModel


@on_cpu
def gate_places(loaded: LoadedModel, image: Floats, site_name: str, *, channel: int) -> GatePlaces:
    """Take one gate back to the places of a trace's image (3×H×W), through the block alone.

    The image passes once, as far as the gate. Each place adds
    Σ_i ∂s_c/∂U_i(x, y) · U_i(x, y), the derivative through the block's own squeeze and excitation:
    with the mean for a squeeze that is Σ_i ∂s_c/∂z_i · U_i(x, y) / (H·W), and with the maximum the
    places of the largest U_i alone count. UserError for a gate that the network does not have, and
    in a block without a squeeze, where a channel has no single gate.
    """
    gate = named_gate(loaded.probe.sites, f"{site_name}[{channel}]", loaded.title)
    site = next(site for site in loaded.probe.sites if site.name == gate.site)
    if not site.squeezed:
        raise UserError(
            f"Nothing is squeezed in {site.name}, so each place has gates of its own, and there is "
            "no one gate to take back to places; choose a network whose blocks squeeze."
        )
    x, name = as_batch(loaded, image), site.name
    asked = loaded.probe.ask([INTACT], features_of=[name], until=name)
    with torch.no_grad(), asked as passed:
        logits_of(loaded.model, x, loaded.title)
    features = passed.u[name].detach().requires_grad_()
    with torch.enable_grad():
        captured = pass_block(loaded, site, features)
        (slope,) = derivatives(captured.s[name][0, channel], [features], loaded.title)
    with torch.no_grad():
        at_zero = pass_block(loaded, site, torch.zeros_like(features))
    u, s = as_array(features.detach()[0, channel]), float(passed.s[name][0, channel])
    places = as_array((slope.double() * features.detach().double())[0].sum(0))
    return GatePlaces(
        site=name,
        channel=channel,
        s=s,
        at_zero=float(at_zero.s[name][0, channel]),
        map=places,
        before=u,
        after=s * u,
    )
