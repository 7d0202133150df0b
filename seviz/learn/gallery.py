"""The channels that a block excites most and least, and small pictures of their s·U."""

import numpy as np
from PIL import Image

from seviz.photos.overlay import Bytes, overlay
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps

SIDE = 168  # pixels of a picture


def extremes(s: Floats, count: int) -> tuple[list[int], list[int]]:
    """Return the channels with the largest and with the smallest gates (C), most extreme first."""
    ranked = np.argsort(-s, kind="stable")
    count = min(count, len(s) // 2)
    return ranked[:count].tolist(), ranked[::-1][:count].tolist()


def channel_picture(maps: FeatureMaps, channel: int, seen: Bytes, *, limit: float) -> Bytes:
    """Lay a channel's s·U over the crop (H×W×3), red over 0 and blue under it, ±limit at full."""
    rows, columns = seen.shape[:2]
    large = Image.fromarray(maps.scaled(channel)).resize((columns, rows), Image.Resampling.NEAREST)
    mixed = overlay(seen, np.asarray(large, np.float32), limit)
    small = Image.fromarray(mixed).resize((SIDE, SIDE * rows // columns), Image.Resampling.BOX)
    return np.asarray(small)
