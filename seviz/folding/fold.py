"""Folds static gates into a network: it then has no SE at the chosen blocks, and says the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.folding.absorb import STAYS, absorb
from seviz.gates.grammar import edited_sites
from seviz.gates.sites import find_sites
from seviz.nets.scale import ChannelScale
from seviz.passes.logits import logits_of
from seviz.records.arms import STATIC, Arm, Edit
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.zoo.architecture import make, skeleton
from seviz.zoo.description import KEY, Description, Origin, Preprocessing
from seviz.zoo.folded import Folded, without_blocks
from seviz.zoo.models import LoadedModel, build_network
from seviz.zoo.sources import Source

TOLERANCE = 1e-5  # of the logits' norm
PROOFS = 4  # images of noise on which the folded network must say the same
SEED = 0
(RULE,) = {edit.rule for edit in STATIC.edits}


@dataclass(frozen=True)
class FoldedNetwork:
    """A network without some of its SE blocks, in eval mode on the CPU.

    description: what its file says of it; ways: where the gates of each block folded now are
    (`seviz.folding.absorb`), by its name; error: how far its logits are from those of the network
    with the same gates static, in parts of their norm.
    """

    model: nn.Module
    description: Description
    ways: Mapping[str, str]
    error: float

    def content(self) -> bytes:
        """Return its file, in float32."""
        return to_bytes(self.model, self.description)


def chosen_sites(
    sites: Sequence[Site], places: Sequence[str], *, before: Collection[str] = ()
) -> tuple[Site, ...]:
    """Return the SE blocks at some places, such as SE_5_1, SE_5* or all, in depth order.

    before: the blocks that were folded before. UserError where there is none at a place, or a block
    there has gates of each position.
    """
    if gone := [place for place in places if place in before]:
        raise UserError(f"{gone[0]} is folded already; name other blocks.")
    if not places:
        raise UserError("Name the blocks to fold: --blocks all, or their names, such as SE_5_1.")
    names = set[str]().union(*(edited_sites(Edit(RULE, place), sites) for place in places))
    chosen = tuple(site for site in sites if site.name in names)
    if odd := [site.name for site in chosen if not site.squeezed]:
        raise UserError(
            f"{odd[0]} squeezes nothing: each position has gates of its own, which no weights can "
            "hold; name other blocks."
        )
    if odd := [site.name for site in chosen if not site.scales or site.use]:
        raise UserError(
            f"{odd[0]} is no module of its own that multiplies its features and does nothing else, "
            "so it can't be taken out of the network; name other blocks."
        )
    return chosen


def fold(
    loaded: LoadedModel,
    sites: Sequence[Site],
    gates: Mapping[str, Floats],
    *,
    statistics: str,
) -> FoldedNetwork:
    """Fold gates (C by site) into a copy of a network on the CPU, and prove that it is right.

    statistics: over which images they are means, as words. UserError where the copy can't be
    written as a file, or would say something else than the network with these gates in place.
    """
    source = loaded.source
    _check(source)
    model = build_network(source).float()
    ways = put_into(model, sites, gates)
    description = _describe(source, sites, ways, statistics=statistics)
    again = reopened(to_bytes(model, description), description, source)
    error = _prove(loaded, again, sites=sites, gates=gates)
    names = {site.path: site.name for site in sites}
    return FoldedNetwork(
        again, description, {names[path]: way for path, way in ways.items()}, error
    )


def put_into(
    model: nn.Module, sites: Sequence[Site], gates: Mapping[str, Floats]
) -> dict[str, str]:
    """Replace SE blocks by gates in a network's weights; returns where each path's are then."""
    for site in sites:
        scale = ChannelScale(site.channels)
        scale.scale.copy_(torch.from_numpy(np.asarray(gates[site.name], np.float32)))
        model.set_submodule(site.path, scale)
    return absorb(model, [site.path for site in sites])


def to_bytes(model: nn.Module, description: Description) -> bytes:
    """Write a network's weights and description as safetensors."""
    whole = torch.contiguous_format
    state = {k: v.detach().cpu().clone(memory_format=whole) for k, v in model.state_dict().items()}
    return save(state, {KEY: description.to_json()})


def reopened(content: bytes, description: Description, source: Source) -> nn.Module:
    """Make the network of a file's content, as those do who open it; source: of the original."""
    model = make(description.architecture, classes=source.class_count, channels=_channels(source))
    without_blocks(model, description).load_state_dict(load(content))
    return model.eval().requires_grad_(False)


def _channels(source: Source) -> int:
    return source.input_size[0]


def _check(source: Source) -> None:
    """Raise UserError where a network can't be made again from its architecture's name."""
    if source.kind == "memory":
        raise UserError(
            f"{source.title} is in memory alone; a folded network's file names an architecture of "
            "timm or torchvision, so give one of these."
        )
    if not source.class_count:
        raise UserError(f"{source.title} has no head, so nothing can prove that it is the same.")


def _describe(
    source: Source, sites: Sequence[Site], ways: Mapping[str, str], *, statistics: str
) -> Description:
    """Describe a network from which more blocks are folded; those folded before stay so."""
    before = source.description if isinstance(source, Folded) else None
    scaled = tuple((site.path, site.channels) for site in sites if ways[site.path] == STAYS)
    removed = tuple(site.path for site in sites if ways[site.path] != STAYS)
    blocks = tuple(site.name for site in sites)
    if before is not None:
        removed, scaled = before.removed + removed, before.scaled + scaled
        blocks = _names(source, {*removed, *dict(scaled)})
    known = source.labels, source.folders
    return Description(
        architecture=source.architecture,
        blocks=blocks,
        removed=removed,
        scaled=scaled,
        preprocessing=Preprocessing.of(source.config),
        head=source.head,
        labels=known[0],
        folders=known[1],
        origin=Origin(source.identity, source.digest, RULE.name, statistics),
        tuned=before.tuned if before else "",
    )


def _names(source: Source, paths: set[str]) -> tuple[str, ...]:
    """Name blocks of a folded network as its architecture does, where all blocks are."""
    sites = find_sites(skeleton(source.architecture))
    return tuple(site.name for site in sites if site.path in paths)


@torch.inference_mode()
def _prove(
    loaded: LoadedModel, folded: nn.Module, *, sites: Sequence[Site], gates: Mapping[str, Floats]
) -> float:
    """Compare the folded network with the original that has the gates in place.

    Returns how far the logits are off, in parts of their norm; UserError where that is too far.
    """
    x = noise(loaded.source)
    arm = Arm("folded", tuple(Edit(RULE, site.path) for site in sites))
    recorded = {RULE: dict(gates)}
    with loaded.probe.ask([arm], [0] * PROOFS, recorded=recorded, gates=False):
        expected = logits_of(loaded.model, x.to(loaded.device), loaded.title).float().cpu()
    off = difference(logits_of(folded, x, loaded.title), expected)
    if not off <= TOLERANCE:
        raise UserError(
            f"Folded, {loaded.title} says something else (its logits are off by {off:.1e} of their "
            "norm), so nothing is written; fold fewer blocks."
        )
    return off


def noise(source: Source) -> Tensor:
    """Draw the images on which a network is compared, always the same."""
    generator = torch.Generator().manual_seed(SEED)
    return torch.randn(PROOFS, *source.input_size, generator=generator)


def difference(found: Tensor, expected: Tensor) -> float:
    """Return how far logits are off, in parts of the expected ones' norm."""
    return float((found - expected).norm() / expected.norm())
