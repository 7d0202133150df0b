"""A fixed factor for each channel: what is left of an SE block whose gates are always the same."""

import torch
from torch import Tensor, nn


class ChannelScale(nn.Module):
    """Multiplies each channel of N×C×H×W by a factor of its own."""

    scale: Tensor

    def __init__(self, channels: int) -> None:
        """Start with factors of 1."""
        super().__init__()
        self.register_buffer("scale", torch.ones(channels))

    def forward(self, u: Tensor) -> Tensor:
        """Return s·U."""
        return u * self.scale.view(1, -1, *[1] * (u.dim() - 2))
