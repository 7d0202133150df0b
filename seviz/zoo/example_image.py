"""An image for passes that look at a network, and not at what it answers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor


def example_image(size: tuple[int, int, int], where: "torch.device") -> "Tensor":
    """Return one image of seeded noise on a device, 1×C×H×W; size: (channels, height, width)."""
    import torch

    noise = torch.randn(1, *size, generator=torch.Generator().manual_seed(0))
    return noise.to(where)
