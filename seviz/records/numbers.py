"""The array type of records, probabilities, and the strongest channels."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
SOFTMAX, SIGMOID = "softmax", "sigmoid"  # heads: one class of all, or each class by itself


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """Turn logits into probabilities along the last axis, in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    normal: npt.NDArray[np.float64] = shifted / shifted.sum(-1, keepdims=True)
    return normal


def probabilities(logits: Floats, head: str) -> npt.NDArray[np.float64]:
    """Turn logits into probabilities in float64; head: SOFTMAX, or SIGMOID for each alone."""
    if head == SOFTMAX:
        return softmax(logits)
    odds: npt.NDArray[np.float64] = np.exp(-np.abs(logits.astype(np.float64)))  # never overflows
    return np.where(logits < 0, odds, 1) / (1 + odds)


def answers_differ(a: Floats, b: Floats, head: str) -> npt.NDArray[np.bool_]:
    """Tell of rows of logits (…×K) whether the first answers differ.

    With SIGMOID, whether a class is above one half in only one of them.
    """
    differ: npt.NDArray[np.bool_] = (
        a.argmax(-1) != b.argmax(-1) if head == SOFTMAX else ((a > 0) != (b > 0)).any(-1)
    )
    return differ


def divergence(a: Floats, b: Floats, head: str) -> float:
    """Return the Kullback-Leibler divergence in nats of the prediction b (K logits) from a.

    With SIGMOID, the sum over the classes, each of which is there or not.
    """
    if head == SIGMOID:  # the softmax of two logits, of which one is 0
        pairs = (np.stack([row, np.zeros_like(row)], -1) for row in (a, b))
        a, b = pairs
    p, log_p, log_q = softmax(a), _log_softmax(a), _log_softmax(b)
    return max(float((p * (log_p - log_q)).sum()), 0.0)


def _log_softmax(logits: Floats) -> npt.NDArray[np.float64]:
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    difference: npt.NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return difference


def strongest(values: Mapping[str, npt.NDArray[np.floating]], count: int) -> list[tuple[str, int]]:
    """Return the `count` channels with the largest absolute values over all sites, largest first.

    values: C by site, in depth order, which is the order of ties.
    """
    channels = [(site, channel) for site, row in values.items() for channel in range(len(row))]
    sizes = np.abs(np.concatenate(list(values.values())))
    return [channels[i] for i in np.argsort(-sizes, kind="stable")[:count]]
