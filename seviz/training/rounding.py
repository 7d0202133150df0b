"""The rounding of weights for shipping."""

from collections.abc import Mapping

from torch import Tensor


def round_weights(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round weights with more than one axis to float16; norms and biases stay in float32."""
    return {
        name: (value.half() if value.is_floating_point() and value.ndim > 1 else value).contiguous()
        for name, value in weights.items()
    }
