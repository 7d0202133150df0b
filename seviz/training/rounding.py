"""The rule by which weights are rounded to what ships."""

from collections.abc import Mapping

from torch import Tensor


def rounded(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Bring weights with more than one axis to float16; the rest, norms and biases, stays."""
    return {
        name: (value.half() if value.is_floating_point() and value.ndim > 1 else value).contiguous()
        for name, value in weights.items()
    }
