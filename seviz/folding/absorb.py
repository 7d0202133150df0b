"""Multiplies fixed scales of channels into the weights around them, where that changes no answer.

The network is traced once (`torch.fx`). A scale goes into the convolution, linear layer or norm
before it, past what commutes with it: pooling, dropout, and, for factors of 0 or more, ReLU and
maximum pooling. Where that way is barred, such as by a SiLU, it goes into all layers that follow.
Else it stays.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeGuard, TypeVar

import torch
from timm.layers import BatchNormAct2d, Conv2dSame, DropPath
from torch import Tensor, fx, nn
from torch.nn import functional as f

from seviz.nets.scale import ChannelScale

LINEAR = (
    nn.Identity,
    ChannelScale,
    nn.Dropout,
    nn.Dropout2d,
    DropPath,
    nn.AvgPool2d,
    nn.AdaptiveAvgPool2d,
)
LINEAR_CALLS = (f.avg_pool2d, f.adaptive_avg_pool2d, f.dropout, "contiguous", "mean")
MONOTONE = (nn.ReLU, nn.LeakyReLU, nn.MaxPool2d, nn.AdaptiveMaxPool2d)  # of factors ≥ 0
MONOTONE_CALLS = (f.relu, torch.relu, f.max_pool2d, "relu", "relu_")
FLATTEN = (torch.flatten, "flatten")
# Exactly these: a subclass may compute its weights anew at each pass, as standardised ones do.
CONVOLUTIONS = (nn.Conv2d, Conv2dSame)
NORMS = (nn.BatchNorm2d, BatchNormAct2d)
BEFORE, BEHIND, STAYS = "before", "behind", "stays"
M = TypeVar("M", bound=nn.Module)
Change = Callable[[], None]  # of weights, once it is sure that all of a scale can be absorbed
Way = Callable[[fx.Node, Tensor], list[Change]]


class _BarredError(Exception):
    """A scale can't be absorbed on this way."""


class _Tracer(fx.Tracer):
    """Traces a network, whose norms with activations and scales are single calls."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Tell whether a module is one call of the graph."""
        known = (ChannelScale, BatchNormAct2d, DropPath, nn.Conv2d)
        return isinstance(m, known) or super().is_leaf_module(m, module_qualified_name)


def absorb(model: nn.Module, paths: Iterable[str]) -> dict[str, str]:
    """Absorb the scales at some paths of a network in eval mode; returns where each is then.

    That is BEFORE or BEHIND its place, at which `nn.Identity` stands then, or STAYS.
    """
    graph = _Graph.of(model)
    where = {path: STAYS if graph is None else graph.absorb(path) for path in paths}
    for path, way in where.items():
        if way != STAYS:
            model.set_submodule(path, nn.Identity())
    return where


@dataclass(frozen=True)
class _Graph:
    """The calls of a network; calls: how often each module is called; uses: each parameter."""

    model: nn.Module
    nodes: tuple[fx.Node, ...]
    calls: Counter[str]
    uses: Counter[int]

    @classmethod
    def of(cls, model: nn.Module) -> "_Graph | None":
        """Trace a network; None where its calls depend on values, so that nothing is known."""
        try:
            nodes = tuple(_Tracer().trace(model).nodes)
        except Exception:  # whatever the network's own code raises for a symbol
            return None
        calls = Counter(str(node.target) for node in nodes if node.op == "call_module")
        own = (module.parameters(recurse=False) for module in model.modules())
        return cls(model, nodes, calls, Counter(id(each) for some in own for each in some))

    def absorb(self, path: str) -> str:
        """Absorb the scale at a path, before it or else behind it; tells where, or that it stays.

        An absorbed one has factors of 1, until something else stands in its place.
        """
        if self.calls[path] != 1:
            return STAYS
        node = next(n for n in self.nodes if n.op == "call_module" and n.target == path)
        module = self.own(node)
        assert isinstance(module, ChannelScale)
        ways: dict[str, Way] = {BEFORE: self._before, BEHIND: self._behind}
        for name, way in ways.items():
            try:
                changes = way(node, module.scale.double())
            except _BarredError:
                continue
            for change in changes:
                change()
            module.scale.fill_(1)
            return name
        return STAYS

    def module(self, node: fx.Node) -> nn.Module | None:
        """Return the module that a node calls; None where it calls none."""
        return self.model.get_submodule(str(node.target)) if node.op == "call_module" else None

    def own(self, node: fx.Node) -> nn.Module | None:
        """Return the module that a node calls, if nothing else uses it: its weights may change."""
        module = self.module(node)
        if module is None or self.calls[str(node.target)] != 1:
            return None
        shared = any(self.uses[id(each)] > 1 for each in module.parameters(recurse=False))
        return None if shared else module

    def _before(self, node: fx.Node, scale: Tensor) -> list[Change]:
        """Return the change of what makes a node's input, which nothing else may use."""
        source = node.all_input_nodes[0]
        if len(source.users) > 1:
            raise _BarredError
        module = self.own(source)
        if isinstance(module, BatchNormAct2d) and not _commutes(module.act, scale):
            raise _BarredError
        if _is_one_of(module, CONVOLUTIONS + NORMS) and module.weight is not None:
            return [partial(_scale_outputs, module, scale)]
        if self._passes(source, scale):
            return self._before(source, scale)
        raise _BarredError

    def _behind(self, node: fx.Node, scale: Tensor, flat: bool = False) -> list[Change]:
        """Return the changes of all that uses a node's output; flat: it is N×features."""
        changes: list[Change] = []
        if not node.users:
            raise _BarredError
        for user in node.users:
            module = self.own(user)
            if _is_one_of(module, CONVOLUTIONS) and not flat:
                changes.append(partial(_scale_inputs, module, scale))
            elif _is_one_of(module, (nn.Linear,)) and flat:
                changes.append(partial(_scale_features, module, scale))
            elif _flattens(user, self.module(user)):
                changes += self._behind(user, scale, flat=True)
            elif self._passes(user, scale):
                drops = user.target == "mean" and not user.kwargs.get("keepdim", user.args[2:])
                changes += self._behind(user, scale, flat or drops)
            else:
                raise _BarredError
        return changes

    def _passes(self, node: fx.Node, scale: Tensor) -> bool:
        """Tell whether a call changes no scale of channels, whatever it is given."""
        if len(node.all_input_nodes) != 1:
            return False
        if (module := self.module(node)) is not None:
            return _commutes(module, scale)
        if node.target == "mean":
            return _over_places(node)
        monotone = node.target in MONOTONE_CALLS and bool((scale >= 0).all())
        return node.target in LINEAR_CALLS or monotone


def _is_one_of(module: nn.Module | None, kinds: tuple[type[M], ...]) -> TypeGuard[M]:
    """Tell whether a module is exactly of one of these types."""
    return type(module) in kinds


def _flattens(node: fx.Node, module: nn.Module | None) -> bool:
    """Tell whether a call makes N×features of N×C×H×W."""
    if isinstance(module, nn.Flatten):
        return (module.start_dim, module.end_dim) == (1, -1)
    start = node.args[1] if len(node.args) > 1 else node.kwargs.get("start_dim", 0)
    whole = len(node.args) < 3 and "end_dim" not in node.kwargs
    return node.target in FLATTEN and bool(start == 1) and whole


def _over_places(node: fx.Node) -> bool:
    """Tell whether a call of `mean` is over height and width."""
    dims = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim")
    return isinstance(dims, tuple | list) and sorted(dims) in ([2, 3], [-2, -1])


def _commutes(module: nn.Module, scale: Tensor) -> bool:
    """Tell whether a module of its own has the same output, scaled, for a scaled input."""
    monotone = isinstance(module, MONOTONE) and bool((scale >= 0).all())
    return monotone or isinstance(module, LINEAR)


@torch.no_grad()
def _scale_outputs(module: nn.Conv2d | nn.BatchNorm2d, scale: Tensor) -> None:
    """Scale the output channels of a layer: its weights, and its bias if it has one."""
    for of in (module.weight, module.bias):
        if of is not None:
            of.copy_(of.double() * scale.view(-1, *[1] * (of.dim() - 1)))


@torch.no_grad()
def _scale_inputs(module: nn.Conv2d, scale: Tensor) -> None:
    """Scale the input channels of a convolution, each group's own."""
    groups = module.groups
    of_group = scale.view(groups, 1, -1).expand(-1, module.out_channels // groups, -1)
    module.weight.copy_(module.weight.double() * of_group.reshape(module.out_channels, -1, 1, 1))


@torch.no_grad()
def _scale_features(module: nn.Linear, scale: Tensor) -> None:
    """Scale the inputs of a linear layer, which are the channels, each at all of its places."""
    of_inputs = scale.repeat_interleave(module.in_features // len(scale))
    module.weight.copy_(module.weight.double() * of_inputs)
