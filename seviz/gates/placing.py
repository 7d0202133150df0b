"""Names where the tensors of an SE block enter and leave, so that they can be hooked."""

import re
from typing import NamedTuple

from seviz.gates.steps import Steps
from seviz.gates.tape import ModuleCall, Op, Tape
from seviz.records.sites import Places

PART = re.compile(r"(.*):([^#]+)#(\d+)")  # a call of a function in a module


class Tensors(NamedTuple):
    """The numbers of a block's features, of the gates, and of what enters the gate function."""

    u: int
    pre: int
    s: int


def find_places(
    tape: Tape,
    owner: ModuleCall,
    steps: Steps,
    *,
    tensors: Tensors,
    function: str,
    channels_last: bool,
) -> Places:
    """Find the modules, or calls of functions, that a block's tensors enter or leave.

    owner: the call of the block's module; function and channels_last: as of `Places`.
    """
    u, pre, s = tensors
    entry = steps.entry(tape)
    gate_op, pre_op = tape.maker[s], next(op for op in steps.tail if op.inputs[0] == pre)
    gate = place_of(tape, owner, gate_op, given=pre, result=s)
    second = steps.projections[0] if len(steps.projections) == 2 else None
    behind = second and tape.maker.get(tape.source(second.inputs[0]))
    pool = _reader(tape, steps.pools[-1], u)
    takes_u = owner.inputs and tape.source(owner.inputs[0]) == u
    return Places(
        features=owner.path if takes_u else place_of(tape, owner, pool, given=u),
        first=place_of(tape, owner, entry, given=entry.inputs[0]),
        hidden=place_of(tape, owner, behind, result=behind.outputs[0]) if behind else "",
        second=place_of(tape, owner, second, given=second.inputs[0]) if second else "",
        pre=gate if ":" not in gate else place_of(tape, owner, pre_op, given=pre),
        gate=gate,
        function=function if ":" in gate else "",
        channels_last=channels_last,
    )


def place_of(
    tape: Tape, owner: ModuleCall, op: Op, *, given: int | None = None, result: int | None = None
) -> str:
    """Name where a tensor enters or leaves: a module, or else the call of a function.

    The module is the innermost one that takes `given` and returns `result`, where these are asked
    for; the block must call it once, or hooks could not tell its calls apart.
    """
    inner = [call for call in op.owner.enclosing[::-1] if owner in call.enclosing]
    for call in inner:
        takes = given is None or tape.source(given) in map(tape.source, call.inputs[:1])
        returns = result is None or result in call.outputs[:1]
        uses = sum(c.path == call.path and owner in c.enclosing for c in tape.calls)
        if takes and returns and uses == 1 and call is not owner:
            return call.path
    return f"{owner.path}:{op.name}#{op.number_in(owner)}"


def call_of(place: str) -> tuple[str, str, int] | None:
    """Return a call's module, its function and how often that was called before; or None."""
    match = PART.fullmatch(place)
    return (match[1], match[2], int(match[3])) if match else None


def _reader(tape: Tape, pool: Op, u: int) -> Op:
    """Return the first function that takes features U on their way to the squeeze."""
    op = pool
    while op.inputs[0] != u:
        op = tape.maker[op.inputs[0]]
    return op
