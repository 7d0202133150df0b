"""Folds static gates into a network: it then has no SE at the chosen blocks, and says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from seviz.errors import UserError
from seviz.folding.absorb import absorb
from seviz.nets.scale import ChannelScale
from seviz.passes.logits import logits_of
from seviz.records.arms import STATIC, Arm, Edit
from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel, build_network

TOLERANCE = 1e-5  # of the logits' norm
PROOFS = 4  # images of noise on which the folded network must say the same
SEED = 0


@dataclass(frozen=True)
class Folded:
    """A network without some of its SE blocks, in eval mode on the CPU.

    sites: the folded blocks' names; removed: their paths at which nothing is left; scaled: those at
    which a fixed scale is left, with its channels.
    """

    model: nn.Module
    sites: tuple[str, ...]
    removed: tuple[str, ...]
    scaled: Mapping[str, int]


def fold(loaded: LoadedModel, sites: Sequence[str], gates: Mapping[str, Floats]) -> Folded:
    """Fold gates (C by site) into the weights of a copy of a network, and prove that it is right.

    UserError where a block is not of the network, has gates of each place, or the copy says
    something else than the network with these gates in place.
    """
    chosen = [site for site in loaded.probe.sites if site.name in set(sites)]
    if odd := [site.name for site in chosen if not site.squeezed]:
        raise UserError(f"{odd[0]} squeezes nothing: each place has gates of its own; leave it.")
    model, channels = build_network(loaded.source).float(), {}
    for site in chosen:
        scale = ChannelScale(site.channels)
        scale.scale.copy_(torch.from_numpy(np.asarray(gates[site.name], np.float32)))
        model.set_submodule(site.path, scale)
        channels[site.path] = site.channels
    left = absorb(model, channels)
    folded = Folded(
        model,
        tuple(site.name for site in chosen),
        removed=tuple(path for path in channels if path not in left),
        scaled={path: channels[path] for path in left},
    )
    _prove(loaded, folded, gates)
    return folded


@torch.inference_mode()
def _prove(loaded: LoadedModel, folded: Folded, gates: Mapping[str, Floats]) -> None:
    """Compare the folded network with the original that has the gates in place."""
    noise = torch.Generator().manual_seed(SEED)
    x = torch.randn(PROOFS, *loaded.input_size, generator=noise)
    (rule,) = {edit.rule for edit in STATIC.edits}
    arm = Arm("folded", tuple(Edit(rule, name) for name in folded.sites))
    rows, on_device = [0] * PROOFS, x.to(loaded.device)
    with loaded.probe.ask([arm], rows, recorded={rule: dict(gates)}, gates=False):
        expected = logits_of(loaded.model, on_device, loaded.title).float().cpu()
    found = folded.model(x)
    off = float((found - expected).norm() / expected.norm())
    if not off <= TOLERANCE:
        raise UserError(
            f"Folded, {loaded.title} says something else (its logits are off by {off:.1e} of their "
            "norm), so nothing is written; fold fewer blocks."
        )
