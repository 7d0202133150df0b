"""Finds the SE blocks of a network and their parts, whichever library defines them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from timm.layers import EffectiveSEModule, SEModule
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.hgnet import EseModule
from timm.models.senet import SEModule as LegacySEModule
from torch import nn
from torchvision.ops import SqueezeExcitation

from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.records.sites import Site


class Names(NamedTuple):
    """The attribute names of a class's parts, in the order in which tensors pass through them.

    first: the projection whose input is z; hidden: the norm and activation behind it; second: the
    projection back to C, or None where there is only one; gate: the function whose output is s.
    """

    first: str
    hidden: tuple[str, ...]
    second: str | None
    gate: str


# Blocks are recognised by class, not by attribute name, as `.se` may hold ECA or CBAM.
NAMES: dict[type[nn.Module], Names] = {
    SEModule: Names("fc1", ("bn", "act"), "fc2", "gate"),
    LegacySEModule: Names("fc1", ("relu",), "fc2", "sigmoid"),
    SqueezeExcite: Names("conv_reduce", ("act1",), "conv_expand", "gate"),
    SqueezeExcitation: Names("fc1", ("activation",), "fc2", "scale_activation"),
    EffectiveSEModule: Names("fc", (), None, "gate"),
    EseModule: Names("conv", (), None, "sigmoid"),
    SEBlock: Names("w1", ("delta",), "w2", "sigma"),
}
EXCITATIONS: dict[type[nn.Module], str] = {nn.Tanh: "tanh", nn.ReLU: "relu"}  # all else: sigmoid

# In ResNets of torchvision and timm, layer1 is the article's stage 2; blocks count from 0.
RESNET_BLOCK = re.compile(r"(?:^|\.)layer(\d+)\.(\d+)\.")


class Parts(NamedTuple):
    """An SE block and the modules in it; see `Names`."""

    block: nn.Module
    first: nn.Module
    hidden: tuple[nn.Module, ...]
    second: nn.Module | None
    gate: nn.Module


def find_sites(model: nn.Module, name: str = "") -> tuple[Site, ...]:
    """List the model's SE blocks in depth order; UserError where there is none.

    name: the model's in that sentence, by default its type's.
    """
    sites = [_describe(path, module) for path, module in model.named_modules() if _names(module)]
    if not sites:
        raise UserError(
            f"{name or type(model).__name__} has no Squeeze-and-Excitation block; "
            "choose a network with SE blocks, such as an SE-ResNet."
        )
    uses = Counter(site.name for site in sites)  # blocks that share a name are named by their paths
    return tuple(
        site if uses[site.name] == 1 else replace(site, name=site.path, stage=None, block=None)
        for site in sites
    )


def parts(model: nn.Module, site: Site) -> Parts:
    """Return the modules of one of this model's SE blocks."""
    return _parts(model.get_submodule(site.path))


def holder(model: nn.Module, site: Site, sites: Iterable[Site]) -> nn.Module:
    """Return the largest module that holds this SE block and no other: its residual block.

    It includes the shortcut, so only one tensor passes from one holder to the next.
    """
    others = [other.path + "." for other in sites if other.path != site.path]
    path = site.path
    while path:
        parent = path.rpartition(".")[0]
        if any(other.startswith(f"{parent}." if parent else "") for other in others):
            break
        path = parent
    return model.get_submodule(path)


def _names(module: nn.Module) -> Names | None:
    return next((names for kind, names in NAMES.items() if isinstance(module, kind)), None)


def _parts(block: nn.Module) -> Parts:
    names = _names(block)
    assert names is not None, type(block)
    return Parts(
        block=block,
        first=block.get_submodule(names.first),
        hidden=tuple(map(block.get_submodule, names.hidden)),
        second=block.get_submodule(names.second) if names.second else None,
        gate=block.get_submodule(names.gate),
    )


def _describe(path: str, module: nn.Module) -> Site:
    parts = _parts(module)
    weight = parts.first.weight  # reduced×C, as Linear or 1×1 convolution
    reduced, channels = int(weight.shape[0]), int(weight.shape[1])  # type: ignore[index]
    excitation = EXCITATIONS.get(type(parts.gate), "sigmoid")
    squeezed = not isinstance(module, SEBlock) or module.squeezed
    name, stage, block = path, None, None
    if match := RESNET_BLOCK.search(path):
        stage, block = int(match[1]) + 1, int(match[2]) + 1
        name = f"SE_{stage}_{block}"
    return Site(path, name, stage, block, channels, reduced, excitation, squeezed)
