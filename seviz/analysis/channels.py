"""Which channels' gates matter for an answer, and which squeeze descriptors drive a gate."""

import numpy as np
import torch

from seviz.passes.block import pass_block
from seviz.passes.derivatives import derivatives
from seviz.passes.estimate import GRADIENT
from seviz.passes.forward import arm_logits, as_array, as_batch
from seviz.passes.gpu_seconds import counts, on_cpu
from seviz.passes.logits import logits_of
from seviz.records.analysis import ChannelEffect, Drivers, Effects
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.numbers import Floats, strongest
from seviz.records.target import ClassTarget, answer_of, class_of, score
from seviz.zoo.models import LoadedModel


@counts(lambda *_, top=8, **__: GRADIENT + 2 + top)
def effects(
    loaded: LoadedModel, image: Floats, *, target: ClassTarget | None = None, top: int = 8
) -> Effects:
    """Estimate each gate's effect on a class's logit as gate × derivative, in all blocks.

    image is 3×H×W; the target, a class or the difference of two, is the intact answer unless given.
    The derivative is total: it includes a gate's effect on the gates of later blocks. For the `top`
    channels with the largest effects, the exact effect is measured too, by setting each gate to 0.
    """
    with torch.enable_grad(), loaded.probe.branch([INTACT], nudge=True) as captured:
        logits = logits_of(loaded.model, as_batch(loaded, image), loaded.title)[0]
    followed = answer_of(as_array(logits.detach()), loaded.labels, target, head=loaded.head)
    followed_score = score(logits, class_of(followed))
    gradients = derivatives(followed_score, [*captured.nudges.values()], loaded.title)
    s = {name: as_array(gates.detach()[0]) for name, gates in captured.s.items()}
    first_order = {
        name: as_array((gates.detach() * gradient)[0].flatten(1).sum(1))
        for (name, gates), gradient in zip(captured.gates.items(), gradients, strict=True)
    }
    return Effects(
        target=followed,
        first_order=first_order,
        top=_measure_exactly(
            loaded, image, target=class_of(followed), s=s, first_order=first_order, top=top
        ),
    )


def _measure_exactly(
    loaded: LoadedModel,
    image: Floats,
    *,
    target: ClassTarget,
    s: dict[str, Floats],
    first_order: dict[str, Floats],
    top: int,
) -> tuple[ChannelEffect, ...]:
    """Measure the largest effects exactly: set each gate to 0, in an arm of its own."""
    chosen = strongest(first_order, top)
    depth = {name: place for place, name in enumerate(s)}
    # Arms that pass together then branch at nearly the same block, and share the layers before it.
    in_order = sorted(chosen, key=lambda gate: depth[gate[0]])
    arms = [
        Arm(f"{name}[{c}]", (Edit(Rule("set", 0.0), name, ((c, c + 1),)),)) for name, c in in_order
    ]
    scores = score(arm_logits(loaded, image, [INTACT, *arms]), target)
    exact = {
        gate: float(scores[0] - zeroed) for gate, zeroed in zip(in_order, scores[1:], strict=True)
    }
    return tuple(
        ChannelEffect(name, c, float(s[name][c]), float(first_order[name][c]), exact[name, c])
        for name, c in chosen
    )


@on_cpu
def drivers(loaded: LoadedModel, site_name: str, z: Floats, *, channel: int) -> Drivers:
    """Differentiate one gate by the descriptors of its block: ∂s_c/∂z_j at z (C), exactly.

    The block gets features that are z at all positions, whose mean is z; NaN where the gates depend
    on more than z.
    """
    site = next(site for site in loaded.probe.sites if site.name == site_name)
    if not site.from_z:
        return Drivers(site_name, channel, z, np.full_like(z, np.nan))
    u = torch.from_numpy(z).to(loaded.device).view(1, -1, 1, 1).requires_grad_()
    with torch.enable_grad():
        captured = pass_block(loaded, site, u)
        (row,) = derivatives(captured.s[site_name][0, channel], [u], loaded.title)
    return Drivers(site_name, channel, z, as_array(row.flatten()))
