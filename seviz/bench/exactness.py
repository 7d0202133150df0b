"""Compares what seviz reads of a network with references made without its hooks.

The references are the network itself, bare, in which modules are replaced: an SE block by
nn.Identity, or a gate by a module that keeps, and changes, what the gate returns.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from seviz.analysis.necessity import necessity
from seviz.attribution.layers import layer_path, layer_site
from seviz.attribution.maps import attribute
from seviz.attribution.rows import as_output
from seviz.gates import sites
from seviz.gates.grammar import parse_arm
from seviz.passes.forward import as_batch, retrace
from seviz.records.arms import IDENTITY, INTACT, Arm, Edit, Rule
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.target import target_of
from seviz.zoo.models import LoadedModel

Change = Callable[[Tensor], Tensor]
MOST_PLACES = 8  # blocks at which necessity is compared

STATIC = Rule("static")
RULES: dict[str, Change] = {  # arms that edit all gates, and what they do to gates, N×C×…
    "all=identity": torch.ones_like,
    "all=0.5": lambda s: torch.full_like(s, 0.5),
    "all*=0.5": lambda s: 0.5 * s,
    "uniform": lambda s: s.mean(1, keepdim=True).expand_as(s),
    "shuffle@1": lambda s: s[
        :, torch.randperm(s.shape[1], generator=torch.Generator().manual_seed(1))
    ],
}


class Kept(nn.Module):
    """A module that keeps what it got and returned; `change` changes what it returns."""

    def __init__(self, module: nn.Module, change: Change | None = None) -> None:
        """Wrap a module."""
        super().__init__()
        self.module, self.change = module, change
        self.given: Any = None
        self.returned: Any = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call the module."""
        self.given, self.returned = args[0], self.module(*args, **kwargs)
        return self.change(self.returned) if self.change else self.returned


def deviations(loaded: LoadedModel, bare: nn.Module, images: Tensor) -> Iterator[tuple[str, float]]:
    """Yield what was compared, and the largest deviation as a share of the largest value.

    bare: the same network without a probe, which no reference changes for good; images: two of
    3×H×W each, of which the second gives the gates of static arms.
    """
    image = images[0].numpy()
    with torch.no_grad():
        yield from _traced(loaded, bare, images)
        yield "identity", _of_identity(loaded, bare, image)
        yield "necessity", _of_necessity(loaded, bare, image)
    yield "gradcam", _of_gradcam(loaded, bare, image)


@torch.no_grad()
def smallest_move(loaded: LoadedModel, bare: nn.Module, images: Tensor) -> float:
    """Return how far some gate of each block differs between two images, in the stillest block."""
    one, other = (_gates(bare, loaded.probe.sites, image[None]) for image in images)
    return min(float((one[name] - other[name]).abs().max()) for name in one)


def deviation(
    ours: npt.ArrayLike | Tensor, reference: npt.ArrayLike | Tensor, *, least: float = 1e-9
) -> float:
    """Return the largest difference as a share of the reference's largest value, or of `least`.

    It is inf where the shapes differ or a value is not finite.
    """
    a, b = np.asarray(ours, np.float64), np.asarray(reference, np.float64)
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    return float(np.abs(a - b).max(initial=0) / np.abs(b).max(initial=least))


def _traced(loaded: LoadedModel, bare: nn.Module, images: Tensor) -> Iterator[tuple[str, float]]:
    """Compare z, s and the answer of arms, in one trace, with those of edited copies."""
    known, image = loaded.probe.sites, images[0].numpy()
    static = _gates(bare, known, images[1:])
    changes: dict[Arm, Mapping[str, Change]] = {INTACT: {}}
    for text, change in RULES.items():
        changes[parse_arm(text)] = {site.name: change for site in known}
    changes[Arm("static", (Edit(STATIC),))] = {
        site.name: _constant(static[site.name]) for site in known
    }
    for site in (known[len(known) // 2], known[-1]):
        edit = Edit(Rule("set", 0), site.path, ((0, 2),))
        changes[Arm(f"{site.path}[0:2]=0", (edit,))] = {site.name: _shut_two}
    recorded = {STATIC: {name: s[0].flatten().numpy() for name, s in static.items()}}
    record = retrace(loaded, image, list(changes), recorded=recorded)
    for row, (arm, by_site) in enumerate(changes.items()):
        with _edited(bare, known, by_site) as kept:
            logits = bare(images[:1])[0]
        yield arm.name, deviation(record.logits[row], logits)
        for site in known:
            first, gate = kept[site.name]
            computed = gate.returned
            applied = by_site[site.name](computed) if site.name in by_site else computed
            yield "z", deviation(record.z[site.name][row], first.given[0].flatten())
            for group, gates in ((record.s_computed, computed), (record.s, applied)):
                yield "s", deviation(group[site.name][row], gates[0].flatten(), least=1)


def _of_identity(loaded: LoadedModel, bare: nn.Module, image: Floats) -> float:
    """Compare gates at 1 with a copy that has nn.Identity in place of its SE blocks."""
    record = retrace(loaded, image, [IDENTITY])
    with _without(bare, loaded.probe.sites):
        return deviation(record.logits, bare(as_batch(loaded, image)))


def _of_necessity(loaded: LoadedModel, bare: nn.Module, image: Floats) -> float:
    """Compare blocks' necessity with copies that lack a block, and all from it on."""
    known, x = loaded.probe.sites, as_batch(loaded, image)
    found, intact = necessity(loaded, image, Rule("identity")), bare(x)[0]
    target, least = found.target, float(intact.abs().max())
    largest = deviation(target.logit, intact[target.index], least=least)
    for depth in sorted({*range(0, len(known), -(-len(known) // MOST_PLACES)), len(known) - 1}):
        for row, missing in enumerate((known[depth : depth + 1], known[depth:])):
            with _without(bare, missing):
                reference = bare(x)[0, target.index]
            ours = found.logit[row, depth] + target.logit
            largest = max(largest, deviation(ours, reference, least=least))
    return largest


def _of_gradcam(loaded: LoadedModel, bare: nn.Module, image: Floats) -> float:
    """Compare Grad-CAM of two arms with the formula, on the layer that is explained."""
    found = attribute(loaded, image, [INTACT, IDENTITY])
    path = layer_path(loaded, layer_site(loaded, ""))
    x, (_, target) = as_batch(loaded, image), as_output(target_of(found.target))
    intact = _gradcam(bare, path, x=x, target=target)
    with _without(bare, loaded.probe.sites):
        identity = _gradcam(bare, path, x=x, target=target)
    return max(deviation(found.maps[:1], intact), deviation(found.maps[1:], identity))


def _gradcam(bare: nn.Module, path: str, *, x: Tensor, target: int) -> Tensor:
    """Weigh a layer's features by the means of their gradients, and enlarge the sum: 1×1×H×W."""
    with _kept(bare, path) as layer:
        logit = bare(x.detach().requires_grad_())[0, target]
        (gradient,) = torch.autograd.grad(logit, layer.returned)
    features = layer.returned.detach()
    coarse = (gradient.mean((2, 3), keepdim=True) * features).sum(1, keepdim=True)
    return interpolate(coarse, x.shape[-2:], mode="bilinear")


def _gates(bare: nn.Module, known: tuple[Site, ...], x: Tensor) -> dict[str, Tensor]:
    """Return the gates, 1×C×…, that blocks compute for an image."""
    with _edited(bare, known, {}) as kept:
        bare(x)
    return {name: gate.returned for name, (_, gate) in kept.items()}


def _constant(s: Tensor) -> Change:
    return lambda _: s


def _shut_two(s: Tensor) -> Tensor:
    shut = s.clone()
    shut[:, :2] = 0
    return shut


@contextmanager
def _edited(
    bare: nn.Module, known: tuple[Site, ...], changes: Mapping[str, Change]
) -> Iterator[dict[str, tuple[Kept, Kept]]]:
    """Let a network keep what enters each block's excitation, and its gates, which are changed."""
    places = {at.site.name: at.places for at in sites.search(bare).blocks}
    kept, replaced = {}, []
    for site in known:
        of_block = places[site.name]
        first = Kept(bare.get_submodule(of_block.first))
        gate = Kept(bare.get_submodule(of_block.gate), changes.get(site.name))
        for path, wrapper in ((of_block.first, first), (of_block.gate, gate)):
            replaced.append((path, wrapper.module))
            bare.set_submodule(path, wrapper)
        kept[site.name] = (first, gate)
    try:
        yield kept
    finally:
        for path, module in replaced:
            bare.set_submodule(path, module)


@contextmanager
def _kept(bare: nn.Module, path: str) -> Iterator[Kept]:
    """Let a module of a network keep what it gets and returns."""
    module = bare.get_submodule(path)
    wrapper = Kept(module)
    bare.set_submodule(path, wrapper)
    try:
        yield wrapper
    finally:
        bare.set_submodule(path, module)


@contextmanager
def _without(bare: nn.Module, some: tuple[Site, ...]) -> Iterator[None]:
    """Put nn.Identity in place of some of a network's SE blocks."""
    blocks = {site.path: bare.get_submodule(site.path) for site in some}
    for path in blocks:
        bare.set_submodule(path, nn.Identity())
    try:
        yield
    finally:
        for path, block in blocks.items():
            bare.set_submodule(path, block)
