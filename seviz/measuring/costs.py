"""What SE costs a network in parameters and multiply-adds, by the article's formula and counted.

The article (section 4) counts 2/r · Σ N_s·C_s² parameters over its stages of N_s blocks with C_s
channels: the two projections of every block. The real modules also have biases; libraries round the
width between the projections; and some blocks are built otherwise. Each of these differences is
counted, so that the formula and the differences add up to the real number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from math import nan
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.nets.kept import kept
from seviz.nets.variants import SIDE, Variant
from seviz.records.sites import KINDS, SE, Site
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from torch import nn

PAIRS = 25


@dataclass(frozen=True)
class BlockCost:
    """The parameters of one SE block: of projections, of biases, and other, which are its norms'.

    formula: what the article counts, 2·C²/r with the network's r, or NaN where there is no r.
    """

    name: str
    channels: int
    reduced: int | None
    formula: float
    projections: int
    biases: int
    other: int


@dataclass(frozen=True)
class Costs:
    """What SE adds to a network, which has `parameters` and `macs` (for one image) with it.

    r: the reduction that it was built for, or that most of its blocks have. macs_added counts the
    products of projections, as the formula does. The squeeze's mean and the scaling of U are no
    matrix products, so they are not counted, but they show in latency: the median ratio of the time
    of one image with SE to that without, in one run, and latency_quartiles, of the pairs of passes
    that were timed; None where it was not measured.
    """

    key: str
    r: float
    blocks: tuple[BlockCost, ...]
    parameters: int
    macs: int
    macs_added: int
    latency: float | None
    latency_quartiles: tuple[float, float] | None = None

    @property
    def formula(self) -> float:
        """Parameters, and so multiply-adds, by the article's formula."""
        return sum(block.formula for block in self.blocks)

    @property
    def parameters_added(self) -> int:
        """Parameters of the SE blocks as they are."""
        return sum(block.projections + block.biases + block.other for block in self.blocks)

    @property
    def biases(self) -> int:
        """Parameters that the formula leaves out."""
        return sum(block.biases for block in self.blocks)

    @property
    def rounding(self) -> float:
        """Parameters of projections beyond the formula: other widths than C/r, or more or fewer."""
        return sum(block.projections - block.formula for block in self.blocks)

    @property
    def other(self) -> int:
        """Parameters of norms inside the SE blocks."""
        return sum(block.other for block in self.blocks)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, its sums included."""
        sums = ("formula", "parameters_added", "biases", "rounding", "other")
        return {**asdict(self), **{name: getattr(self, name) for name in sums}}


def costs(key: str, *, timed: bool = True) -> Costs:
    """Count what SE costs a network of the catalogue; its weights are not needed, nor downloaded.

    timed: measure the latency too. UserError where there is no such network.
    """
    source = find(key)
    model = source.skeleton().eval().requires_grad_(False)
    return costs_of(model, key=source.key, input_size=source.input_size, timed=timed)


def costs_of(
    model: nn.Module,
    *,
    key: str,
    input_size: tuple[int, int, int],
    timed: bool = True,
    r: float | None = None,
) -> Costs:
    """Count what SE costs a network in eval mode, for images of input_size (C, H, W).

    r: the reduction that it was built for, if known; by default that of most of its blocks.
    """
    from seviz.gates.sites import modules_of, search
    from seviz.measuring.measure import multiply_adds

    found = search(model).blocks
    sites = tuple(at.site for at in found)
    if other := next((site for site in sites if site.kind != SE), None):
        raise UserError(
            f"{key} has {KINDS[other.kind]} blocks, and the article's formula counts those of "
            "SE; choose a network with SE blocks."
        )
    bare = without_se(model, sites)
    r = r or Counter(round(site.reduction or 1, 3) for site in sites).most_common(1)[0][0]
    macs = multiply_adds(model, input_size)
    ratios = _ratios(model, bare, input_size) if timed else None
    return Costs(
        key=key,
        r=r,
        blocks=tuple(
            count_block(modules_of(model, at.site, at.places), at.site, r) for at in found
        ),
        parameters=sum(p.numel() for p in model.parameters()),
        macs=macs,
        macs_added=macs - multiply_adds(bare, input_size),
        latency=median(ratios) if ratios else None,
        latency_quartiles=_quartiles(ratios) if ratios else None,
    )


def costs_of_variant(variant: Variant, classes: int = 20) -> Costs:
    """Count what SE costs a network of the laboratory, trained or not; UserError if it has none."""
    known = kept("costs").get(f"{variant.key} {classes}")
    return count_variant(variant, classes) if known is None else _read(known)


def count_variant(variant: Variant, classes: int) -> Costs:
    """Count on the network itself, as `costs_of_variant`, which may know it already."""
    model = variant.build(classes).eval().requires_grad_(False)
    size, r = (3, SIDE, SIDE), float(variant.r)
    return costs_of(model, key=variant.key, input_size=size, timed=False, r=r)


def _read(known: dict[str, Any]) -> Costs:
    """Make a record of what `dataclasses.asdict` made of it, through JSON."""
    return Costs(**{**known, "blocks": tuple(BlockCost(**block) for block in known["blocks"])})


def without_se(model: nn.Module, sites: tuple[Site, ...]) -> nn.Module:
    """Copy a network, with `nn.Identity()` in place of its SE blocks."""
    from torch import nn

    bare = deepcopy(model)
    for site in sites:
        parent, _, name = site.path.rpartition(".")
        setattr(bare.get_submodule(parent), name, nn.Identity())
    return bare


def count_block(modules: Sequence[nn.Module], site: Site, r: float | None) -> BlockCost:
    """Count the parameters of a block's modules; r: the reduction of the network."""
    from torch import nn

    parts = [m for module in modules for m in module.modules()]
    layers = [m for m in parts if isinstance(m, nn.Conv1d | nn.Conv2d | nn.Linear)]
    projections = sum(layer.weight.numel() for layer in layers)
    biases = sum(layer.bias.numel() for layer in layers if layer.bias is not None)
    return BlockCost(
        name=site.name,
        channels=site.channels,
        reduced=site.reduced,
        formula=2 * site.channels**2 / r if r else nan,
        projections=projections,
        biases=biases,
        other=sum(p.numel() for m in modules for p in m.parameters()) - projections - biases,
    )


def _ratios(model: nn.Module, bare: nn.Module, input_size: tuple[int, int, int]) -> list[float]:
    """Time one image with SE and without, in turn; returns the ratio of each pair."""
    import torch

    from seviz.measuring.measure import ratios_of

    image = torch.randn(1, *input_size).contiguous(memory_format=torch.channels_last)
    with_se, without = (m.to(memory_format=torch.channels_last) for m in (model, bare))
    with torch.inference_mode():
        return ratios_of(lambda: with_se(image), lambda: without(image), PAIRS)


def _quartiles(ratios: Sequence[float]) -> tuple[float, float]:
    if len(ratios) == 1:
        return ratios[0], ratios[0]
    low, _, high = quantiles(ratios, n=4, method="inclusive")
    return low, high
