"""Random views of a picture: what survives them is a picture, and no pattern of single pixels.

The ranges are those of Lucid at 224 pixels, as shares of the side: jitter by 8, scales from 0.9 to
1.1, rotations by up to 10° (Olah et al., Distill 2017).
"""

from dataclasses import dataclass
from math import cos, radians, sin

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

SHIFT = 16 / 224  # of the side, to either direction: their two jitters by 8 and 4, and the padding
SCALE = 0.1
ROTATION = 10.0  # degrees
MARGIN = 1.125  # how much larger the canvas is than a view


@dataclass(frozen=True)
class View:
    """A view of a canvas: scale, rotation (degrees), shifts as shares of the view's side."""

    scale: float = 1.0
    rotation: float = 0.0
    down: float = 0.0
    right: float = 0.0

    @classmethod
    def draw(cls, step: int) -> "View":
        """Draw the view of a step; the same for all pictures."""
        generator = torch.Generator().manual_seed(step)
        scale, rotation, down, right = (2 * torch.rand(4, generator=generator) - 1).tolist()
        return cls(1 + SCALE * scale, ROTATION * rotation, SHIFT * down, SHIFT * right)

    def of(self, canvas: Tensor, height: int, width: int) -> Tensor:
        """See pictures, N×C×(larger), at a height and width: N×C×height×width."""
        rows, columns = canvas.shape[-2:]
        along, across = (self.scale * of(radians(self.rotation)) for of in (cos, sin))
        # From −1 to 1 over the view to −1 to 1 over the canvas, whose sides differ.
        theta = torch.tensor(
            [
                [along * width, -across * height, 2 * self.right * width],
                [across * width, along * height, 2 * self.down * height],
            ],
            device=canvas.device,
        ) / torch.tensor([[columns], [rows]], device=canvas.device)
        size = [len(canvas), canvas.shape[1], height, width]
        grid = affine_grid(theta.expand(len(canvas), -1, -1), size, align_corners=False)
        return grid_sample(canvas, grid, padding_mode="reflection", align_corners=False)


def middle(canvas: Tensor, height: int, width: int) -> Tensor:
    """Cut the middle of pictures out, pixel by pixel: N×C×height×width."""
    top, left = (canvas.shape[-2] - height) // 2, (canvas.shape[-1] - width) // 2
    return canvas[..., top : top + height, left : left + width]
