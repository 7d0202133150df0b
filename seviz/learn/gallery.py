"""The channels with the largest and the smallest gates of a block, and pictures of their s·U."""

import numpy as np
from PIL import Image

from seviz.photos.overlay import Bytes, overlay
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps

SIDE = 168  # width of a picture, in pixels


def extremes(s: Floats, count: int) -> tuple[list[int], list[int]]:
    """Return `count` channels with the largest gates s (C) and as many with the smallest.

    The most extreme come first; no channel is in both lists, so they may be shorter.
    """
    ranked = np.argsort(-s, kind="stable")
    count = min(count, len(s) // 2)
    return ranked[:count].tolist(), ranked[::-1][:count].tolist()


def channel_picture(maps: FeatureMaps, channel: int, seen: Bytes, *, limit: float) -> Bytes:
    """Return the `map_picture` of a channel's map s·U."""
    return map_picture(maps.gated_channel(channel), seen, limit=limit)


def map_picture(values: Floats, seen: Bytes, *, limit: float) -> Bytes:
    """Return a picture (uint8) of a map (rows×columns) over the crop that the network saw (H×W×3).

    Red: above 0; blue: below 0; values of ±limit and beyond have the full colour.
    """
    rows, columns = seen.shape[:2]
    large = Image.fromarray(values).resize((columns, rows), Image.Resampling.NEAREST)
    mixed = overlay(seen, np.asarray(large, np.float32), limit)
    small = Image.fromarray(mixed).resize((SIDE, SIDE * rows // columns), Image.Resampling.BOX)
    return np.asarray(small)
