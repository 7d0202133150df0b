"""Arrays of records, and probabilities."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """Turn logits into probabilities along the last axis, in float64."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    normal: npt.NDArray[np.float64] = shifted / shifted.sum(-1, keepdims=True)
    return normal
