"""One gate over the images of a data set: its classes, its distribution, and z against s."""

import numpy as np

from seviz.records.numbers import Floats
from seviz.records.one_gate import Histogram
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.reference.percentiles import Doubles, percentiles_among
from seviz.reference.profile import BlockProfile
from seviz.reference.streams import Integers

BINS = 32  # of a histogram, at most
LEAST = 3  # classes, for a correlation


def ranked_classes(block: BlockProfile, channel: int) -> Integers:
    """Return the classes that have images by their mean gate, the largest first."""
    means = block.class_mean[:, channel]
    measured = np.flatnonzero(~np.isnan(means))
    order: Integers = measured[np.argsort(-means[measured], kind="stable")]
    return order


def correlations(block: BlockProfile) -> Doubles | None:
    """Return Pearson's correlation of z and s over the means of classes, for each channel, C.

    NaN where a channel's z or s is the same in all classes, or nothing is squeezed; None where the
    means of z are not known, or fewer than three classes have images.
    """
    if block.z_class_mean is None:
        return None
    measured = ~np.isnan(block.class_mean).any(1)
    if measured.sum() < LEAST:
        return None
    z, s = (of[measured].astype(np.float64) for of in (block.z_class_mean, block.class_mean))
    z, s = z - z.mean(0), s - s.mean(0)
    size = np.sqrt((z * z).sum(0) * (s * s).sum(0))
    found: Doubles = np.where(size > 0, (z * s).sum(0) / np.where(size > 0, size, 1), np.nan)
    return found


def open_and_shut(quantiles: Floats, sample: Floats | None) -> tuple[float, float]:
    """Return the shares of images whose gate is over NEAR_ONE, and within NEAR_ZERO of zero.

    quantiles: L of one gate at equal steps; sample: n gates of sampled images, which tell exactly
    what the quantiles tell about; None where they are not known.
    """
    if sample is not None and len(sample):
        return float((sample > NEAR_ONE).mean()), float((abs(sample) < NEAR_ZERO).mean())
    levels = np.repeat(quantiles[:, None], 3, 1)
    above, over, under = percentiles_among(levels, [NEAR_ONE, NEAR_ZERO, -NEAR_ZERO]) / 100
    return float(1 - above), float(over - under)


def histogram(sample: Floats) -> Histogram:
    """Count sampled gates (n) in bins of equal width over their range.

    As many bins as the square root of n, at most `BINS`, so that none is mostly noise.
    """
    bins = int(np.clip(np.sqrt(len(sample)), 1, BINS))
    counts, edges = np.histogram(sample.astype(np.float64), bins=bins)
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()))
