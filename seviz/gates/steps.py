"""The functions of a pass between what multiplies features and the squeeze that it comes from."""

from dataclasses import dataclass, replace
from itertools import takewhile

from seviz.gates.tape import VIEWS, ModuleCall, Op, Tape

PROJECTIONS = frozenset(
    ("linear", "conv1d", "conv2d", "matmul", "rmatmul", "mm", "addmm", "bmm", "einsum")
)
MEANS = frozenset().union(
    ("mean", "nanmean", "sum"),
    ("avg_pool2d", "adaptive_avg_pool2d", "avg_pool1d", "adaptive_avg_pool1d"),
)
POOLS = MEANS.union(
    ("amax", "max"),
    ("max_pool2d", "adaptive_max_pool2d", "max_pool1d", "adaptive_max_pool1d"),
)
MIXERS = frozenset({"softmax", "log_softmax", "cat", "concat", "stack", "cumsum", "roll"})
SUMS = frozenset({"add", "radd", "iadd"})
MOST_STEPS = 40  # from a product back to its squeeze


@dataclass
class Steps:
    """The functions from what multiplies U back to the squeeze, the last one first.

    tail: those behind the last projection; projections: from the last to the first; middle: those
    before the last projection that are neither projections nor views; pools: the squeeze; doubt:
    why this is no SE block for sure; twice: the gates are made of the sum of two excitations, by
    the same projections, of the mean and of the maximum, as CBAM's are, and the steps are those of
    the mean.
    """

    tail: list[Op]
    projections: list[Op]
    middle: list[Op]
    pools: list[Op]
    doubt: str = ""
    twice: bool = False

    def tensors(self, tape: Tape) -> set[int]:
        """Return what enters the functions behind the squeeze."""
        ops = (*self.tail, *self.projections, *self.middle)
        return {tape.source(number) for op in ops for number in op.inputs}

    def owner(self, gate: Op) -> ModuleCall:
        """Return the innermost call of a module in which all functions of the block are."""
        ops = [gate, *self.tail, *self.projections, *self.middle, *self.pools]
        chains = zip(*(op.owner.enclosing for op in ops), strict=False)
        *_, innermost = takewhile(lambda calls: len(set(map(id, calls))) == 1, chains)
        owner: ModuleCall = innermost[0]
        return owner

    def entry(self, tape: Tape) -> Op:
        """Return the function that z enters: the first projection, unless z is whole no longer."""
        pooled = tape.values[self.pools[0].outputs[0]].numel()
        first = self.projections[-1]
        return first if tape.values[first.inputs[0]].numel() == pooled else self.middle[-1]


def steps_back(tape: Tape, s: int) -> Steps | None:
    """Go back from gates to their squeeze; None where they come from none."""
    steps, at = Steps([], [], [], []), s
    for _ in range(MOST_STEPS):
        op = tape.maker.get(at)
        if op is None or not op.inputs:
            return steps
        given = tape.values[op.inputs[0]]
        if is_pool(op):
            steps.pools.append(op)
            source = tape.source(op.inputs[0])
            before = tape.maker.get(source)
            if tape.values[source].dim() == 4 and (before is None or not is_pool(before)):
                return steps  # else it squeezes one direction after the other
        elif given.dim() == 4 and 1 not in (given.shape[2:].numel(), given.shape[1:3].numel()):
            return None  # features that are not squeezed
        elif op.name in PROJECTIONS and any(len(shape) > 1 for shape in op.weights):
            steps.projections.append(op)
        elif op.name in SUMS and not steps.projections and (mean := _of_mean(tape, op)):
            tail = [*steps.tail, op, *mean.tail]
            return replace(mean, tail=tail, twice=True)
        elif op.name not in VIEWS:
            steps.doubt = steps.doubt or _doubt(tape, op)
            (steps.middle if steps.projections else steps.tail).append(op)
        at = op.inputs[0]
    return None


def is_pool(op: Op) -> bool:
    """Tell whether a function squeezes: an einsum of one tensor is a sum."""
    return op.name in POOLS or (op.name == "einsum" and len(op.inputs) == 1 and not op.weights)


def _of_mean(tape: Tape, op: Op) -> Steps | None:
    """Return the steps to the mean, of a sum of excitations of the same features; None for others.

    Both are made by the same projections.
    """
    ways = [steps_back(tape, number) for number in op.inputs]
    found = [steps for steps in ways if steps and steps.pools and steps.projections]
    used = {tuple(op.owner.path for op in steps.projections) for steps in found}
    pooled = {tape.source(steps.pools[-1].inputs[0]) for steps in found}
    if len(found) != 2 or len(used) != 1 or len(pooled) != 1:
        return None
    return next((steps for steps in found if steps.pools[-1].name in MEANS), found[0])


def _doubt(tape: Tape, op: Op) -> str:
    """Say as a clause what keeps a block with a function from being one for sure; "" if nothing."""
    if op.name in MIXERS:
        return f"has a {op.name} between its squeeze and its gates"
    first = tape.source(op.inputs[0])
    if any(first not in line(tape, other) for other in op.inputs[1:]):
        return f"joins two tensors by {op.name} between its squeeze and its gates"
    return ""


def line(tape: Tape, number: int) -> set[int]:
    """List the tensors from which another one is made by functions of one tensor."""
    numbers = {number}
    while (op := tape.maker.get(number)) and len(op.inputs) == 1 and op.name not in PROJECTIONS:
        number = op.inputs[0]
        numbers.add(number)
    return numbers
