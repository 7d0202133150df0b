"""Tells on one pass whether the parts that `register` was told of are those of SE blocks.

All answers rest on this: U, z and s are what the hooks at the named places get, and the block
multiplies U by s. Wrong names would give wrong answers in silence, so they are told instead.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from seviz.errors import UserError
from seviz.gates.naming import Located
from seviz.gates.parts import again
from seviz.gates.placing import call_of, place_of
from seviz.gates.steps import steps_back
from seviz.gates.structure import PRODUCTS, gate_of_steps, is_scaled, may_multiply
from seviz.gates.tape import ModuleCall, Op, Tape
from seviz.records.sites import Places

ROLES = {  # the arguments of `register`, as people read of them
    "squeeze": "squeeze",
    "first": "first projection",
    "hidden": "hidden part",
    "second": "second projection",
    "gate": "gate function",
}


class _MisfitError(Exception):
    """A clause that says which part does not fit."""


class _Seen(NamedTuple):
    """A part in a pass: its first tensor and its result, by their numbers, and when it began."""

    given: int
    result: int
    start: int


def fit(tape: Tape, owner: ModuleCall, at: Located, *, kind: str) -> Located:
    """Describe one use of a registered block as a pass shows it.

    owner: the call of its module; kind: its class's name. UserError where a part is not seen in the
    pass, where z or s is not one value a channel, or where U is not multiplied by s: it says what
    does not fit, and the function whose result multiplies U, if that is known.
    """
    try:
        return _Parts(tape, owner, at.places).fit(at)
    except _MisfitError as error:
        block = f" ({owner.path})" if owner.path else ""
        raise UserError(
            f"The parts registered for {kind}{block} don't fit: {error}. {again(kind)}"
        ) from None


class _Parts:
    """The registered parts of one use of a block, in a pass."""

    def __init__(self, tape: Tape, owner: ModuleCall, places: Places) -> None:
        self.tape, self.owner, self.places = tape, owner, places
        self.of_block = [(i, op) for i, op in enumerate(tape.ops) if self._encloses(op.owner)]
        self.u = self._features()
        self.gate, self.first = self._see("gate", places.gate), self._see("first", places.first)

    def fit(self, at: Located) -> Located:
        """Describe the block; _MisfitError where a part does not fit."""
        self._check_order()
        count, last = self._count_channels(), self._is_channels_last()
        width = self._count(self.first.result) if self.places.second else None
        excitation, gates = at.site.excitation, self.tape.values[self.gate.result]
        site = replace(
            at.site,
            channels=count,
            reduced=at.site.reduced or width,
            excitation=_range(gates) if excitation == "sigmoid" else excitation,
            use=self.owner.number,
            scales=self._returns_product(last),
        )
        return Located(site, replace(self._with_function(), channels_last=last), self.owner.start)

    def _features(self) -> int:
        """Return the number of U."""
        if self.places.features != self.owner.path:
            u = self._see("squeeze", self.places.features).given
        elif self.owner.inputs:
            u = self.owner.inputs[0]
        else:
            raise _MisfitError("the block gets no features; name the part that U enters as squeeze")
        if self.tape.values[u].dim() != 4:
            shape = "×".join(map(str, self.tape.values[u].shape))
            raise _MisfitError(
                f"the features U are of {shape}, and an SE block's are of N×C×H×W; name the part "
                "that U enters as squeeze"
            )
        return u

    def _see(self, role: str, place: str) -> _Seen:
        """Return when a part was first used; _MisfitError where it was not, or a gate twice."""
        found = self._uses(place)
        if not found:
            instead = self._instead() if role == "gate" else ""
            raise _MisfitError(f"a pass never calls {self._told(role, place)}{instead}")
        if role == "gate" and len(found) > 1:
            raise _MisfitError(
                f"a pass calls {self._told(role, place)}, {len(found)} times; name the call of a "
                "function that makes the gates, such as “sigmoid#1” for the second one of sigmoid"
            )
        return found[0]

    def _uses(self, place: str) -> list[_Seen]:
        """List the uses of a place while the block runs."""
        if call := call_of(place):
            _, function, number = call
            return [
                _Seen(op.inputs[0], op.outputs[0], index)
                for index, op in self.of_block
                if op.name == function and op.inputs and op.number_in(self.owner) == number
            ]
        return [
            _Seen(each.inputs[0], each.outputs[0], each.start)
            for each in self.tape.calls
            if each.path == place and each.inputs and each.outputs and self._encloses(each)
        ]

    def _encloses(self, call: ModuleCall) -> bool:
        return any(each is self.owner for each in call.enclosing)

    def _check_order(self) -> None:
        """Check that a pass comes to first, hidden, second and gate in this order."""
        named = {role: getattr(self.places, role) for role in ("first", "hidden", "second", "gate")}
        seen = [(role, place, self._see(role, place)) for role, place in named.items() if place]
        for (before, there, one), (after, here, other) in pairwise(seen):
            if one.start >= other.start:
                instead = self._instead() if after == "gate" else ""
                raise _MisfitError(
                    f"a pass comes to {self._told(after, here)}, before "
                    f"{self._told(before, there)}{instead}"
                )

    def _count_channels(self) -> int:
        """Return C; _MisfitError unless z and s are one value a channel for the image."""
        shape = self.tape.values[self.u].shape
        s, z = self._count(self.gate.result), self._count(self.first.given)
        if s not in (shape[1], shape[3]):
            raise _MisfitError(
                f"{self._told('gate', self.places.gate)}, returns {_values(s)} for an image, and U "
                f"has {shape[1]} channels, which need one gate each{self._instead()}"
            )
        if z != s:
            raise _MisfitError(
                f"{self._told('first', self.places.first)}, gets {_values(z)} for an image, and U "
                f"has {s} channels, of which z has one value each"
            )
        return s

    def _count(self, number: int) -> int:
        """Count a tensor's values for the image; 0 where its rows are not the images."""
        values, image = self.tape.values[number], self.tape.values[self.tape.calls[0].inputs[0]]
        return values.shape[1:].numel() if len(values) == len(image) else 0

    def _is_channels_last(self) -> bool:
        """Tell whether U is N×H×W×C; _MisfitError where U is not multiplied by s."""
        for _, features, factor in self._products():
            if self._same(factor, self.gate.result):
                shape, u = self.tape.values[factor].shape, self.tape.values[self.u].shape
                last = len(shape) == 4 and shape[1] == shape[2] == 1 < shape[3]
                return last and self.tape.values[features].shape == u  # else it was permuted
        for last in (False, True):
            if any(self._is_scaled(op, self.gate.result, last) for _, op in self.of_block):
                return last
        raise _MisfitError(
            f"U is not multiplied by the result of {self._told('gate', self.places.gate)}"
            f"{self._instead()}"
        )

    def _products(self) -> Iterator[tuple[Op, int, int]]:
        """Yield the products of U and a factor; a block may leave its own to another module."""
        for op in self.tape.ops:
            if not may_multiply(op):
                continue
            for features, factor in (op.inputs, op.inputs[::-1]):
                is_product = op.name in PRODUCTS or self._is_scaled(op, factor)
                if self._same(features, self.u) and is_product:
                    yield op, features, factor

    def _same(self, number: int, other: int) -> bool:
        return self.tape.source(number) == self.tape.source(other)

    def _is_scaled(self, op: Op, factor: int, last: bool = False) -> bool:
        values = self.tape.values
        return is_scaled(values[op.outputs[0]], values[self.u], values[factor], last=last)

    def _returns_product(self, last: bool) -> bool:
        """Tell whether the module takes U and returns s·U, and does nothing else."""
        if not self.owner.outputs or self.places.features != self.owner.path:
            return False
        made = self.tape.maker.get(self.tape.source(self.owner.outputs[0]))
        if made is None:
            return False
        multiplied = any(
            op is made and self._same(factor, self.gate.result)
            for op, _, factor in self._products()
        )
        return multiplied or self._is_scaled(made, self.gate.result, last)

    def _instead(self) -> str:
        """Say which function's result multiplies U, as the end of a sentence; "" if unknown."""
        for _, _, factor in self._products():
            made = self.tape.maker.get(self.tape.source(factor))
            if made and made.name != "opaque" and self._encloses(made.owner):
                place = place_of(self.tape, self.owner, made, result=made.outputs[0])
                return f"; U is multiplied by the result of “{self._name(place)}”"
        return ""

    def _with_function(self) -> Places:
        """Return the places, with the function of the gates and what enters it, if no module is it.

        One that is written in several steps is known by its values, as where nothing is registered.
        """
        call = call_of(self.places.gate)
        if call is None:
            return self.places
        s = self.tape.source(self.gate.result)
        steps = steps_back(self.tape, s)
        if steps and (known := gate_of_steps(self.tape, steps, s)):
            op = next(op for op in steps.tail if op.inputs[0] == known[1])
            pre = place_of(self.tape, self.owner, op, given=known[1])
            return replace(self.places, function=known[0], pre=pre)
        values = self.tape.values
        known_alone = _makes(call[1], values[self.gate.given], values[self.gate.result])
        return self.places if known_alone else replace(self.places, function="")

    def _told(self, role: str, place: str) -> str:
        return f"“{self._name(place)}”, its {ROLES[role]}"

    def _name(self, place: str) -> str:
        """Name a place as `register` does."""
        if call := call_of(place):
            return call[1] if call[2] == 0 else f"{call[1]}#{call[2]}"
        return place.removeprefix(f"{self.owner.path}." if self.owner.path else "")


def _makes(name: str, pre: Tensor, s: Tensor) -> bool:
    """Tell whether a function of torch makes each gate of its own value alone."""
    function = getattr(torch, name, None) or getattr(functional, name, None)
    try:
        alone = function(pre.reshape(-1, 1).clone())  # type: ignore[misc]
        return torch.allclose(alone.flatten(), s.flatten(), atol=1e-6)
    except Exception:  # it needs other arguments, or returns something else
        return False


def _values(count: int) -> str:
    """Count values in words."""
    if not count:
        return "no row of values"
    return "1 value" if count == 1 else f"{count} values"


def _range(s: Tensor) -> str:
    """Name the known gate function in whose range gates are, as no name tells it."""
    if bool((s < 0).any()):
        return "tanh"
    return "relu" if bool((s > 1).any()) else "sigmoid"
