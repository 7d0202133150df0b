"""Finds SE blocks by what a pass computes, whatever their classes and parts are called.

An SE block pools features U (N×C×H×W) to one z a channel, passes one or two projections, ends in a
gate function, and multiplies the same U by the result (Hu et al. 2018, arXiv 1709.01507, eq. 2–4).
All of this is read off a `Tape` of one pass, from each product back to what its factors come from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from seviz.gates.placing import Tensors, find_places
from seviz.gates.steps import Steps, line, steps_back
from seviz.gates.tape import PERMUTATIONS, ModuleCall, Op, Tape
from seviz.records.sites import CBAM, ECA, SE, Places

PRODUCTS = frozenset({"mul", "rmul", "imul", "multiply"})
WRITTEN_OUT: dict[str, Callable[[Tensor], Tensor]] = {  # known by their values too
    "sigmoid": torch.sigmoid,
    "hardsigmoid": functional.hardsigmoid,
    "tanh": torch.tanh,
}
CLAMP = "clamp"  # from 0 to 1: the first GhostNet's hard sigmoid
CLAMPS = frozenset({"clamp", "clip", "hardtanh"})
GATES: dict[str, Callable[[Tensor], Tensor]] = {
    **WRITTEN_OUT,
    "relu": torch.relu,
    CLAMP: partial(torch.clamp, min=0, max=1),
}


@dataclass(frozen=True)
class Block:
    """An SE block as a pass computes it.

    path: the smallest module in which all of it is but perhaps the product; use: which call of it,
    from 0; channels: C; reduced: the width after W₁; excitation: a key of GATES; scales: whether
    the module takes U and returns s·U; depth: the number of the function that makes s, in the pass;
    unclear: a clause that says why it is no SE block for sure, or "".
    """

    path: str
    use: int = 0
    channels: int = 0
    reduced: int | None = None
    excitation: str = ""
    kind: str = SE
    places: Places | None = None
    scales: bool = False
    depth: int = 0
    unclear: str = ""


def find_blocks(tape: Tape) -> list[Block]:
    """List the SE blocks of a pass in its order, and what may be one but is not clear."""
    found = [block for op in tape.ops for block in _of_product(tape, op)]
    return sorted(found, key=lambda block: block.depth)


def _of_product(tape: Tape, product: Op) -> Iterator[Block]:
    """Yield the block whose gates a product applies to features, if it is that of a block."""
    if not may_multiply(product):
        return
    for features, operand in (product.inputs, product.inputs[::-1]):
        shape, s = tape.values[features].shape, tape.source(operand)
        channels = tape.values[s].numel() // shape[0]
        if len(shape) != 4 or channels not in (shape[1], shape[3]) or features == operand:
            continue
        if not _is_product(tape, product, features, s=s):
            continue
        steps = steps_back(tape, s)
        if steps is None or not steps.pools:
            continue
        if tape.source(features) in steps.tensors(tape) or s in line(tape, features):
            continue  # a function of one tensor, such as x·sigmoid(x)
        if steps.projections or _function_of(tape.maker[s]):
            yield _describe(tape, product, steps, factors=(features, operand), s=s)
            return


def may_multiply(op: Op) -> bool:
    """Tell whether a function may be a product of two tensors; of an einsum its values tell."""
    return op.name in {*PRODUCTS, "einsum"} and len(op.inputs) == 2


def _is_product(tape: Tape, op: Op, features: int, *, s: int) -> bool:
    """Tell whether a function multiplies features by gates; an einsum is known by its values."""
    values = tape.values
    return op.name in PRODUCTS or is_scaled(values[op.outputs[0]], values[features], values[s])


def _describe(tape: Tape, product: Op, steps: Steps, *, factors: tuple[int, int], s: int) -> Block:
    """Describe the block whose gates s a product applies, or say what is not clear about it."""
    u = tape.source(steps.pools[-1].inputs[0])
    owner, gate = steps.owner(tape.maker[s]), gate_of_steps(tape, steps, s)
    if doubt := _doubt(steps, gate is not None, u == tape.source(factors[0])):
        return Block(owner.path, unclear=doubt)
    assert gate is not None
    name, pre = gate
    kind, reduced = _width(tape, steps, tape.values[s].shape[0])
    return Block(
        path=owner.path,
        use=owner.number,
        channels=tape.values[s].numel() // tape.values[s].shape[0],
        reduced=reduced,
        excitation=name,
        kind=kind,
        places=find_places(
            tape,
            owner,
            steps,
            tensors=Tensors(u, pre, s),
            function=name,
            channels_last=_is_last(tape, *factors, u=u),
        ),
        scales=_scales(tape, owner, u=u, product=product),
        depth=tape.ops.index(tape.maker[s]),
    )


def _doubt(steps: Steps, has_gate: bool, same: bool) -> str:
    """Say as a clause why what looks like a block is not one for sure; "" where it is.

    has_gate: it ends in a known gate function; same: it multiplies the features that it pools.
    """
    count = len(steps.projections)
    if steps.doubt:
        return steps.doubt
    if not has_gate:
        return "ends in a function that seviz does not know as a gate"
    if not same:
        return "multiplies other features than those that it pools"
    return "" if count in (1, 2) else f"has {count or 'no'} projections between squeeze and gates"


def is_scaled(out: Tensor, u: Tensor, s: Tensor, *, last: bool = False) -> bool:
    """Tell by values whether a tensor is s·U, for s of one value a channel; last: U is N×H×W×C."""
    channels = u.shape[3 if last else 1]
    if out.shape != u.shape or s.numel() != len(u) * channels:
        return False
    factors = s.reshape(len(u), *((1, 1, channels) if last else (channels, 1, 1)))
    return torch.allclose(out, u * factors, rtol=1e-4, atol=1e-6)


def gate_of_steps(tape: Tape, steps: Steps, s: int) -> tuple[str, int] | None:
    """Return the gate function's name and the tensor that enters it; None where it is not known.

    One that is written in several steps, such as relu6(x + 3) / 6, is known by its values.
    """
    op = tape.maker[s]
    function = _function_of(op)
    if function and function != CLAMP:
        return function, op.inputs[0]
    values = tape.values[s].flatten()
    for pre in (number for step in steps.tail for number in step.inputs[:1]):
        given = tape.values[pre].flatten()
        for name, known in WRITTEN_OUT.items():
            if given.shape == values.shape and torch.allclose(values, known(given), atol=1e-6):
                return name, pre
    return (function, op.inputs[0]) if function else None


def _function_of(op: Op) -> str:
    """Return the gate function that a call of a function is, a key of GATES; "" for none."""
    if op.name in CLAMPS:
        return CLAMP if op.scalars == (0, 1) else ""
    return op.name if op.name in GATES else ""


def _width(tape: Tape, steps: Steps, rows: int) -> tuple[str, int | None]:
    """Return the kind of block and the width after the first projection, None where it has none."""
    first = steps.projections[-1]
    if steps.twice:
        return CBAM, tape.values[first.outputs[0]].numel() // rows
    if first.name == "conv1d" and first.weights[0][:2] == (1, 1):
        return ECA, None
    return SE, tape.values[first.outputs[0]].numel() // rows


def _is_last(tape: Tape, features: int, operand: int, *, u: int) -> bool:
    """Tell whether U is N×H×W×C: by the shape of what multiplies it, or a permutation of it."""
    shape, permuted = tape.values[operand].shape, False
    while features != u:
        op = tape.maker[features]
        permuted, features = permuted or op.name in PERMUTATIONS, op.inputs[0]
    last = len(shape) == 4 and shape[1] == shape[2] == 1 < shape[3]
    return last and not permuted


def _scales(tape: Tape, owner: ModuleCall, *, u: int, product: Op) -> bool:
    """Tell whether a module takes U and returns the product, and does nothing else."""
    taken = owner.inputs and tape.source(owner.inputs[0]) == u
    return bool(taken and owner.outputs and tape.source(owner.outputs[0]) == product.outputs[0])
