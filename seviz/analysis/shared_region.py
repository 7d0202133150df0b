"""Two networks' maps of one photograph, brought onto the part of it that both networks see."""

import numpy as np
from PIL import Image

from seviz.records.network_pair import Box
from seviz.records.numbers import Floats


def shared_region(a: Box | None, b: Box | None) -> Box | None:
    """Return the part of a photograph that lies in both boxes; None where there is none."""
    if a is None or b is None:
        return None
    left, top = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[2], b[2]), min(a[3], b[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def cut(values: Floats, box: Box, region: Box, *, size: tuple[int, int]) -> Floats:
    """Return the region of a map at another size (height, width); values: H×W, over the box.

    Pixels are averaged where there are fewer of them then, and interpolated where there are more.
    """
    rows, columns = values.shape
    across, down = columns / (box[2] - box[0]), rows / (box[3] - box[1])
    inside = (
        (region[0] - box[0]) * across,
        (region[1] - box[1]) * down,
        (region[2] - box[0]) * across,
        (region[3] - box[1]) * down,
    )
    within = (
        max(inside[0], 0.0),
        max(inside[1], 0.0),
        min(inside[2], float(columns)),
        min(inside[3], float(rows)),
    )
    picture = Image.fromarray(np.ascontiguousarray(values, np.float32))
    shown: Floats = np.asarray(
        picture.resize(size[::-1], Image.Resampling.BILINEAR, box=within), np.float32
    )
    return shown


def on_shared_region(
    a: Floats, b: Floats, boxes: tuple[Box | None, Box | None]
) -> tuple[Floats, Floats, Box] | None:
    """Return both maps over the region that both networks see, at one size, and that region.

    a, b: H×W each, over their boxes. The size is that at which neither map has more pixels than
    before. None where the networks' boxes are not known, or have nothing in common.
    """
    one, other = boxes
    region = shared_region(one, other)
    if region is None or one is None or other is None:
        return None
    size = _size(a, one, region), _size(b, other, region)
    smaller = min(size[0][0], size[1][0]), min(size[0][1], size[1][1])
    return cut(a, one, region, size=smaller), cut(b, other, region, size=smaller), region


def _size(values: Floats, box: Box, region: Box) -> tuple[int, int]:
    """Count the rows and columns of a map that lie in the region, one or more each."""
    rows, columns = values.shape
    down = rows * (region[3] - region[1]) / (box[3] - box[1])
    across = columns * (region[2] - region[0]) / (box[2] - box[0])
    return max(round(down), 1), max(round(across), 1)
