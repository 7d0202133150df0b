"""Compares a photograph's gates with those of reference images, by percentiles and by class."""

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.reference.profile import BlockProfile, Profile

ROUNDING = 2.0**-12  # of class means in a profile's file (float16): finer differences are noise

Doubles = npt.NDArray[np.float64]


def percentiles(block: BlockProfile, s: Floats) -> Doubles:
    """Return the share of reference images (0 to 100, C) whose gate is below this one (s, C)."""
    return percentiles_among(block.s_quantiles, s)


def percentiles_among(quantiles: Floats, values: npt.ArrayLike) -> Doubles:
    """Return the percentiles of values (C) among quantiles: 0 to 100, C.

    quantiles: L×C, at equal steps from 0 to 1; between two of them percentiles are interpolated. A
    value that several quantiles equal gets the middle of their levels, so a channel that never
    changes gets 50. A value below all gets 0, one above all 100; NaN among NaN.
    """
    points = np.asarray(values, np.float64)
    levels = quantiles.astype(np.float64)
    last, columns = len(levels) - 1, np.arange(levels.shape[1])
    below, up_to = (levels < points).sum(0), (levels <= points).sum(0)
    under = np.clip(below - 1, 0, last)
    over = np.clip(below, 0, last)
    step = levels[over, columns] - levels[under, columns]
    part = (points - levels[under, columns]) / np.where(step > 0, step, 1)
    between = np.where(step > 0, under + part, np.where(below > 0, last, 0))
    level = np.where(up_to > below, (below + up_to - 1) / 2, between)
    percents: Doubles = np.where(np.isnan(levels).any(0), np.nan, 100 * level / last)
    return percents


def nearest_classes(profile: Profile, name: str, s: Floats, *, k: int) -> list[tuple[str, float]]:
    """Return the k classes whose mean gates at a block are most like these (s, C), nearest first.

    Each comes with its likeness, 2·d·dₖ / (|d|² + |dₖ|²), from −1 to 1, where d and dₖ are the
    photograph's and the class's deviations from the block's mean gates. Deviations are used because
    the gates of all photographs share most of their pattern, so all classes would be alike. The
    likeness is the cosine of the deviations, smaller where their lengths differ: in many blocks all
    gates rise and fall together, so half of the classes would have the same cosine. Channels in
    which the class means differ by no more than their stored rounding are left out; where none
    remains, or s is the mean itself, the list is empty. Classes have their folders' names.
    """
    block = profile.blocks[name]
    measured = np.flatnonzero(~np.isnan(block.class_mean).any(1))  # those with images
    of_classes = (block.class_mean[measured] - block.s_mean).astype(np.float64)  # K×C
    varied = np.sqrt((of_classes**2).mean(0)) > ROUNDING
    of_classes, own = of_classes[:, varied], (s - block.s_mean).astype(np.float64)[varied]
    if not own.any():
        return []
    likeness = 2 * of_classes @ own / ((of_classes**2).sum(1) + (own**2).sum())
    order = np.argsort(-likeness, kind="stable")[:k]
    return [(profile.classes[measured[i]], float(likeness[i])) for i in order]
