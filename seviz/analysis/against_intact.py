"""Compares an arm's answer with that of the network as trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from seviz.records.numbers import answers_differ, divergence
from seviz.records.trace import Trace


@dataclass(frozen=True)
class Comparison:
    """An arm against the network as trained; differences are arm − intact.

    target: the class that is followed; logit and probability: their differences for it; divergence:
    the Kullback-Leibler divergence of the arm's predictions from the intact ones, in nats; flipped:
    whether the first answer is another (`answers_differ`); shift: the largest shift of the inputs
    of a block's batch norms, in their stored standard deviations (`Trace.shift`; None where not
    measured).
    """

    target: int
    logit: float
    probability: float
    divergence: float
    flipped: bool
    shift: float | None = None


def compare(trace: Trace, arm: int, target: int | None = None) -> Comparison | None:
    """Compare a row of a trace with its first arm without edits; None where it has none.

    target is the intact answer unless given.
    """
    unedited = [row for row, known in enumerate(trace.arms) if not known.edits]
    if not unedited:
        return None
    intact = unedited[0]
    followed = trace.top(intact, 1)[0].index if target is None else target
    p, q = trace.probabilities[intact], trace.probabilities[arm]
    logits, edited = trace.logits[intact], trace.logits[arm]
    return Comparison(
        target=followed,
        logit=float(edited[followed] - logits[followed]),
        probability=float(q[followed] - p[followed]),
        divergence=divergence(logits, edited, trace.head),
        flipped=bool(answers_differ(logits, edited, trace.head)),
        shift=_largest(float(by_arm[arm]) for by_arm in trace.shift.values()),
    )


def _largest(shifts: Iterable[float]) -> float | None:
    """Return the largest shift; None where there is none, or all are the twin's NaN."""
    return max((shift for shift in shifts if isfinite(shift)), default=None)
