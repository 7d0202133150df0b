"""Where a photograph's gates stand among the gates of reference images."""

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.reference.profile import BlockProfile, Profile

ROUNDING = 2.0**-12  # of class means in a profile's file (float16): finer differences are noise

Doubles = npt.NDArray[np.float64]


def percentiles(block: BlockProfile, s: Floats) -> Doubles:
    """Return the share of reference images (0 to 100, C) whose gate is below this one (s, C)."""
    return standing(block.s_quantiles, s)


def standing(quantiles: Floats, values: npt.ArrayLike) -> Doubles:
    """Place values (C) among quantiles (L×C, at equal steps from 0 to 1): percentiles 0 to 100, C.

    Between two levels it is interpolated. A value that several levels share gets the middle of
    them, so a channel that is always the same stands at 50. Below the least is 0, above the
    greatest 100; NaN among NaN.
    """
    found = np.asarray(values, np.float64)
    levels = quantiles.astype(np.float64)
    last, columns = len(levels) - 1, np.arange(levels.shape[1])
    below, up_to = (levels < found).sum(0), (levels <= found).sum(0)
    under = np.clip(below - 1, 0, last)
    over = np.clip(below, 0, last)
    step = levels[over, columns] - levels[under, columns]
    part = (found - levels[under, columns]) / np.where(step > 0, step, 1)
    between = np.where(step > 0, under + part, np.where(below > 0, last, 0))
    level = np.where(up_to > below, (below + up_to - 1) / 2, between)
    places: Doubles = np.where(np.isnan(levels).any(0), np.nan, 100 * level / last)
    return places


def nearest_classes(profile: Profile, name: str, s: Floats, *, k: int) -> list[tuple[str, float]]:
    """Return the k classes whose mean gates at a block are most like these (s, C), nearest first.

    Each comes with its likeness, 2·d·dₖ / (|d|² + |dₖ|²), from −1 to 1, where d and dₖ are the
    photograph's and the class's deviations from the block's mean gates. All photographs share most
    of the pattern, so by the gates themselves every class would be alike. It is the cosine of the
    deviations, less where one is longer: the gates of many blocks only rise and fall together, and
    by the cosine half of the classes would be equally near there. Channels in which the class means
    differ by no more than the rounding they are stored with are left out; where none remains, or s
    is the mean itself, no class is near. Classes are named as in the profile: by their folders.
    """
    block = profile.blocks[name]
    seen = np.flatnonzero(~np.isnan(block.class_mean).any(1))
    of_classes = (block.class_mean[seen] - block.s_mean).astype(np.float64)  # K×C
    varied = np.sqrt((of_classes**2).mean(0)) > ROUNDING
    of_classes, mine = of_classes[:, varied], (s - block.s_mean).astype(np.float64)[varied]
    if not mine.any():
        return []
    likeness = 2 * of_classes @ mine / ((of_classes**2).sum(1) + (mine**2).sum())
    order = np.argsort(-likeness, kind="stable")[:k]
    return [(profile.classes[seen[i]], float(likeness[i])) for i in order]
