"""An attribution map over the photograph, as the pixels of a PNG."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.records.numbers import Floats

FOR, AGAINST = (178, 24, 43), (33, 102, 172)  # a red and a blue that the colour-blind distinguish
SIDE = 448  # pixels, at least
Bytes = npt.NDArray[np.uint8]


def overlay(seen: Bytes, pixels: Floats, limit: float) -> Bytes:
    """Lay a signed map (H×W) over what the network saw (H×W×3): red for, blue against the answer.

    Values near 0 let the photograph through, those of ±limit and beyond cover most of it. Small
    pictures are enlarged to SIDE pixels.
    """
    factor = max(-(-SIDE // min(pixels.shape)), 1)
    size = (pixels.shape[1] * factor, pixels.shape[0] * factor)
    photo = Image.fromarray(seen).resize(size, Image.Resampling.BICUBIC)
    large = np.kron(np.clip(pixels / limit, -1, 1), np.ones((factor, factor)))[..., None]
    colour = np.where(large > 0, FOR, AGAINST)
    cover = 0.85 * np.abs(large)
    grey = np.asarray(photo.convert("L").convert("RGB"), np.float64)
    blend: Bytes = ((1 - cover) * grey + cover * colour).round().astype(np.uint8)
    return blend
