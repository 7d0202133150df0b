"""Blurs a photograph, as a baseline for explanations and measures."""

from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur


def blur(x: Tensor) -> Tensor:
    """Blur an image, N×3×H×W, until only its colours are left (σ is an eighth of its side)."""
    sigma = min(x.shape[-2:]) / 8
    reach = int(3 * sigma)  # less than a side, so the photograph can be mirrored at its edges
    blurred: Tensor = gaussian_blur(x, [2 * reach + 1] * 2, [sigma] * 2)
    return blurred
