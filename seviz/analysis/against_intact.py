"""Compares an arm's answer with that of the network as trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from seviz.records.trace import Trace


@dataclass(frozen=True)
class Comparison:
    """An arm against the network as trained; differences are arm − intact.

    target: the class that is followed; logit and probability: their differences for it; divergence:
    the Kullback-Leibler divergence of the arm's predictions from the intact ones, in nats; flipped:
    whether the first answer is another; shift: the largest shift of the inputs of a block's batch
    norms, in their stored standard deviations (`Trace.shift`; None where not measured).
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
    best = trace.top(intact, 1)[0].index
    followed = best if target is None else target
    p, q = trace.probabilities[intact], trace.probabilities[arm]
    log_p, log_q = (_log_softmax(trace.logits[row]) for row in (intact, arm))
    return Comparison(
        target=followed,
        logit=float(trace.logits[arm, followed] - trace.logits[intact, followed]),
        probability=float(q[followed] - p[followed]),
        divergence=max(float((p * (log_p - log_q)).sum()), 0.0),
        flipped=trace.top(arm, 1)[0].index != best,
        shift=_largest(float(by_arm[arm]) for by_arm in trace.shift.values()),
    )


def _largest(shifts: Iterable[float]) -> float | None:
    """Return the largest shift; None where there is none, or all are the twin's NaN."""
    return max((shift for shift in shifts if isfinite(shift)), default=None)


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits.astype(np.float64) - logits.max()
    difference: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return difference
