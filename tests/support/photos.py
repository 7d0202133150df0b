"""A photograph made for tests."""

import numpy as np
from PIL import Image


def disc() -> Image.Image:
    """Make a photograph: a warm gradient with a dark disc off the centre."""
    y, x = np.mgrid[:180, :240]
    pixels = np.stack([x, y, 255 - x], 2).astype(np.uint8)
    pixels[(x - 90) ** 2 + (y - 70) ** 2 < 40**2] = (30, 60, 20)
    return Image.fromarray(pixels)
