"""Where the SE blocks of a network are, whatever its library calls their parts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from timm.layers import EffectiveSEModule, SEModule
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.senet import SEModule as LegacySEModule
from torch import nn
from torchvision.ops import SqueezeExcitation

from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.records.sites import Site

# Blocks are known by class, never by attribute name: `.se` may hold ECA or CBAM. For each class,
# its first projection, whose input is z, and its gate activation, whose output is s.
SPELLINGS: dict[type[nn.Module], tuple[str, str]] = {
    SEModule: ("fc1", "gate"),
    LegacySEModule: ("fc1", "sigmoid"),
    SqueezeExcite: ("conv_reduce", "gate"),
    SqueezeExcitation: ("fc1", "scale_activation"),
    EffectiveSEModule: ("fc", "gate"),
    SEBlock: ("w1", "sigma"),
}
EXCITATIONS: dict[type[nn.Module], str] = {nn.Tanh: "tanh", nn.ReLU: "relu"}  # all else: sigmoid

# A torchvision or timm ResNet: layer1 is the paper's stage 2, its first block the paper's block 1.
RESNET_BLOCK = re.compile(r"(?:^|\.)layer(\d+)\.(\d+)\.")


class Parts(NamedTuple):
    """The modules of an SE block that a probe listens to."""

    block: nn.Module
    first: nn.Module
    gate: nn.Module


def find_sites(model: nn.Module) -> tuple[Site, ...]:
    """List the model's SE blocks in depth order; UserError where there is none."""
    found = [_measure(path, module) for path, module in model.named_modules() if _spelling(module)]
    if not found:
        raise UserError(
            f"{type(model).__name__} has no Squeeze-and-Excitation block; "
            "choose a network with SE blocks, such as an SE-ResNet."
        )
    uses = Counter(site.name for site in found)  # two blocks in one residual block: paths instead
    return tuple(
        site if uses[site.name] == 1 else replace(site, name=site.path, stage=None, block=None)
        for site in found
    )


def parts(model: nn.Module, site: Site) -> Parts:
    """Return the modules of a site found in this model."""
    block = model.get_submodule(site.path)
    spelling = _spelling(block)
    assert spelling is not None, site.path
    first, gate = spelling
    return Parts(block, block.get_submodule(first), block.get_submodule(gate))


def holder(model: nn.Module, site: Site, sites: Iterable[Site]) -> nn.Module:
    """Return the largest module that holds this SE block and no other: its residual block.

    A shortcut round the SE block lies inside it, so between holders nothing but one tensor passes.
    """
    others = [other.path + "." for other in sites if other.path != site.path]
    path = site.path
    while path:
        parent = path.rpartition(".")[0]
        if any(other.startswith(f"{parent}." if parent else "") for other in others):
            break
        path = parent
    return model.get_submodule(path)


def _spelling(module: nn.Module) -> tuple[str, str] | None:
    return next((names for kind, names in SPELLINGS.items() if isinstance(module, kind)), None)


def _measure(path: str, module: nn.Module) -> Site:
    spelling = _spelling(module)
    assert spelling is not None
    first, gate = (module.get_submodule(name) for name in spelling)
    weight = first.weight  # reduced×C, as Linear or 1×1 convolution
    reduced, channels = int(weight.shape[0]), int(weight.shape[1])  # type: ignore[index]
    excitation = EXCITATIONS.get(type(gate), "sigmoid")
    squeezed = not isinstance(module, SEBlock) or module.squeezed
    name, stage, block = path, None, None
    if match := RESNET_BLOCK.search(path):
        stage, block = int(match[1]) + 1, int(match[2]) + 1
        name = f"SE_{stage}_{block}"
    return Site(path, name, stage, block, channels, reduced, excitation, squeezed)
