"""The array type of records, probabilities, and the strongest channels."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """Turn logits into probabilities along the last axis, in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    normal: npt.NDArray[np.float64] = shifted / shifted.sum(-1, keepdims=True)
    return normal


def strongest(values: Mapping[str, npt.NDArray[np.floating]], count: int) -> list[tuple[str, int]]:
    """Return the `count` channels with the largest absolute values over all sites, largest first.

    values: C by site, in depth order, which is the order of ties.
    """
    channels = [(site, channel) for site, row in values.items() for channel in range(len(row))]
    sizes = np.abs(np.concatenate(list(values.values())))
    return [channels[i] for i in np.argsort(-sizes, kind="stable")[:count]]
