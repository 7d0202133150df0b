"""What a network computes in one pass: functions, the modules that call them, and their tensors."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from seviz.gates.calls import function_name
from seviz.gates.scripts import ScriptMode

# Functions that only arrange values anew, or copy them.
PERMUTATIONS = frozenset({"permute", "transpose", "t", "movedim", "moveaxis", "swapaxes"})
VIEWS = PERMUTATIONS.union(
    ("view", "reshape", "flatten", "unflatten", "unsqueeze", "squeeze", "view_as", "reshape_as"),
    ("expand", "expand_as", "broadcast_to", "repeat", "tile", "getitem", "get", "dropout"),
    ("contiguous", "clone", "to", "type", "type_as", "float", "double", "half", "bfloat16"),
)


@dataclass
class ModuleCall:
    """A call of a module: tensors by their numbers, and the calls of modules and functions in it.

    path: the module's; number: how often it was called before; parent: the call that it is in;
    start: how many functions the pass had called before; counts: calls of functions so far, by
    their names, with those in its parts.
    """

    path: str
    number: int
    parent: "ModuleCall | None"
    inputs: tuple[int, ...]
    start: int
    outputs: tuple[int, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def enclosing(self) -> "list[ModuleCall]":
        """List the calls that it is in, from the network's own to itself."""
        return [*(self.parent.enclosing if self.parent else ()), self]


@dataclass(frozen=True)
class Op:
    """A call of a function: tensors by their numbers, those of the network's weights apart.

    weights: shapes of the parameters and buffers that it got; owner: the module whose forward calls
    it; numbers: how often each of the forwards that it is in, from the network's own to that of the
    owner, had called this function before, with its parts; scalars: the numbers that it got.
    """

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    weights: tuple[tuple[int, ...], ...]
    owner: ModuleCall
    numbers: tuple[int, ...]
    scalars: tuple[float, ...] = ()

    def number_in(self, call: ModuleCall) -> int:
        """Return how often a call that encloses this one had called the function before."""
        return self.numbers[len(call.enclosing) - 1]


class Tape(ScriptMode):
    """Records the functions that a pass calls while it is the mode, and the modules it is told of.

    values: all tensors, by their numbers; one that is changed in place gets another number.
    """

    def __init__(self, stored: dict[int, tuple[int, ...]]) -> None:
        """Start without a pass; stored: the shapes of parameters and buffers, by their `id`."""
        super().__init__()
        self.ops: list[Op] = []
        self.calls: list[ModuleCall] = []
        self.values: list[Tensor] = []
        self.maker: dict[int, Op] = {}  # by the number of a tensor: what returned it
        self._stored = stored
        self._views: list[Tensor] = []
        self._number: dict[int, int] = {}  # by id; `values` keeps the tensors, so ids stay theirs
        self._open: list[ModuleCall] = []
        self._called: Counter[str] = Counter()

    def __torch_function__(  # noqa: PLR0917 - as torch calls it
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run a function and record it, where it returns a tensor."""
        kwargs = kwargs or {}
        given = list(_leaves((args, kwargs)))
        inputs = tuple(self.number(t) for t in given if self._is_data(t))
        result = func(*args, **kwargs)
        if self._open:
            self._record(function_name(func), inputs, given=given, result=result)
        return result

    def enter(self, path: str, given: Any) -> None:
        """Hear that a module is called."""
        inputs = tuple(self.number(t) for t in _leaves(given) if self._is_data(t))
        parent = self._open[-1] if self._open else None
        call = ModuleCall(path, self._called[path], parent, inputs, len(self.ops))
        self._called[path] += 1
        self._open.append(call)
        self.calls.append(call)

    def leave(self, result: Any) -> None:
        """Hear that the module that was called last returns.

        What it computed without functions that are heard, as a traced module does, counts as one.
        """
        call = self._open.pop()
        made = [t for t in _leaves(result) if self._is_data(t)]
        if any(id(t) not in self._number for t in made):
            outputs = tuple(self.number(t) for t in made)
            op = Op("opaque", call.inputs, outputs, (), call, ())
            self.ops.append(op)
            self.maker.update(dict.fromkeys(outputs, op))
        call.outputs = tuple(self.number(t) for t in made)

    def number(self, tensor: Tensor) -> int:
        """Return a tensor's number, a new one where it is not known."""
        if id(tensor) not in self._number:
            self._number[id(tensor)] = len(self.values)
            self.values.append(tensor)
        return self._number[id(tensor)]

    def source(self, number: int) -> int:
        """Return the tensor of which another one is an arrangement or a copy."""
        while (op := self.maker.get(number)) and op.name in VIEWS and op.inputs:
            number = op.inputs[0]
        return number

    def _record(self, name: str, inputs: tuple[int, ...], *, given: list[Any], result: Any) -> None:
        owner = self._open[-1]
        numbers = tuple(call.counts[name] for call in self._open)
        for call in self._open:
            call.counts[name] += 1
        made = [t for t in _leaves(result) if self._is_data(t)]
        weights = [self._stored[id(t)] for t in given if id(t) in self._stored]
        if weights and not inputs and name in VIEWS:
            self._store(made)
            return
        if not made:
            return
        for tensor in made:  # in place: another number from now on
            if self._number.get(id(tensor)) in inputs:
                del self._number[id(tensor)]
        outputs = tuple(self.number(t) for t in made)
        scalars = tuple(float(value) for value in given if type(value) in {int, float})
        op = Op(name, inputs, outputs, tuple(weights), owner, numbers, scalars)
        self.ops.append(op)
        self.maker.update(dict.fromkeys(outputs, op))

    def _store(self, views: list[Tensor]) -> None:
        """Count views of the network's weights, such as `w.T`, as weights."""
        self._views += views  # so that ids stay theirs
        self._stored |= {id(view): tuple(view.shape) for view in views}

    def _is_data(self, value: Any) -> bool:
        return (
            isinstance(value, Tensor)
            and id(value) not in self._stored
            and value.dim() > 0
            and value.dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16)
        )


def _leaves(value: Any) -> "list[Any]":
    """List the values in nested tuples, lists and dicts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]
