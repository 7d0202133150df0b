"""Chooses the layers that layered methods explain."""

from math import log

import torch
from torch import nn

from seviz.attribution.rows import replica
from seviz.errors import UserError
from seviz.gates import sites
from seviz.gates.grammar import no_block
from seviz.gates.hooks import output_shapes
from seviz.passes.logits import logits_of
from seviz.records.sites import Site
from seviz.records.target import Gate, Target
from seviz.zoo.models import LoadedModel


def plain_layer(loaded: LoadedModel, name: str = "") -> str:
    """Return the path of the layer that is explained in a network without SE blocks.

    It is the last part of the network that has convolutions and returns N×C×H×W: of a ResNet its
    last stage, whose output is that of the last residual block. UserError where there is none, or
    where people name a block.
    """
    if name:
        raise UserError(f"{loaded.title} has no SE block, so no block can be chosen in it.")
    model = replica(loaded.model)
    parts = {path: part for path, part in model.named_children() if _has_convolutions(part)}
    x = torch.zeros(1, *loaded.input_size, device=loaded.device)
    with torch.inference_mode():
        shapes = output_shapes(parts.values(), lambda: logits_of(model, x, loaded.title))
    size = loaded.input_size[1:]
    found = [path for path, part in parts.items() if _are_maps(shapes.get(part, ()), size)]
    if not found:
        raise UserError(
            f"{loaded.title} has no stage of convolutions to explain; choose a method that looks "
            "at pixels, such as integrated gradients."
        )
    return found[-1]


def _has_convolutions(part: nn.Module) -> bool:
    return any(isinstance(module, nn.Conv2d) for module in part.modules())


def layer_site(loaded: LoadedModel, name: str, *, before: Target | None = None) -> Site:
    """Return the SE block of a name or path, the last for ""; UserError where there is none.

    before: what is explained; of a gate only blocks before its own can be asked about, as later
    layers have no say in it: the nearest one for "".
    """
    known = loaded.probe.sites
    usable = known
    if isinstance(before, Gate):
        usable = known[: [site.name for site in known].index(before.site)]
    if not usable:
        raise UserError(
            f"{known[0].name} is the first block, so no block's features lie before its gates; "
            "choose a method that looks at pixels, such as integrated gradients."
        )
    named = [site for site in known if name in (site.name, site.path)] if name else [usable[-1]]
    if not named:
        raise no_block(name, [site.name for site in known], where=f"in {loaded.title}")
    if named[0] not in usable:
        assert isinstance(before, Gate)
        raise UserError(
            f"The features at the end of {named[0].name} come after the gate {before.name}; choose "
            f"a block before {before.site}, the nearest is {usable[-1].name}."
        )
    return named[0]


def layer_path(loaded: LoadedModel, site: Site) -> str:
    """Return the path of the module whose output is explained for an SE block.

    It is the residual block that holds the SE block, or where that returns no N×C×H×W, such as
    several tensors or N×H×W×C, the largest module in it that holds the SE block and does.
    """
    known: dict[str, str] = loaded.cache.setdefault(Site, {})
    if site.name not in known:
        known[site.name] = _find_layer(loaded, site)
    return known[site.name]


def _find_layer(loaded: LoadedModel, site: Site) -> str:
    model = replica(loaded.model)
    modules = dict(model.named_modules())
    largest = sites.holder(model, site, loaded.probe.sites)
    (start,) = (path for path, module in modules.items() if module is largest)
    inner = [path for path in modules if f"{site.path}.".startswith(f"{path}." if path else "")]
    paths = [path for path in inner if len(path) >= len(start)]
    x = torch.zeros(1, *loaded.input_size, device=loaded.device)
    with torch.inference_mode():
        shapes = output_shapes(
            [modules[path] for path in paths], lambda: logits_of(model, x, loaded.title)
        )
    size = loaded.input_size[1:]
    return next((p for p in paths if _are_maps(shapes.get(modules[p], ()), size)), site.path)


def _are_maps(shape: tuple[int, ...], size: tuple[int, ...]) -> bool:
    """Tell whether an output's shape is N×C×H×W, not such as N×H×W×C, for one image of H×W."""
    if len(shape) != 4 or shape[0] != 1:
        return False
    _, one, two, three = shape

    def distortion(height: int, width: int) -> float:
        return abs(log(height / width) - log(size[0] / size[1]))

    return distortion(two, three) <= distortion(one, two)
