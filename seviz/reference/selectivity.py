"""How much the gates of a block tell of an image's class.

Three measures, the figures behind the article's “role of excitation”: the share of a gate's
variance that lies between classes (η²), a gate's class selectivity (Morcos et al., arXiv
1803.06959), and how often the nearest other images, by their gates alone, are of the same class.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.reference.profile import BlockProfile
from seviz.reference.streams import Doubles, Integers

NEIGHBOURS = 10  # of an image, that vote on its class
RESAMPLES = 200  # of the bootstrap
INTERVAL = (2.5, 97.5)  # percentiles
ROWS = 512  # images whose distances to all others are in memory at a time


def shares(within: npt.ArrayLike, between: npt.ArrayLike) -> Doubles:
    """Return η², the share of each gate's variance that lies between classes, 0 to 1, C.

    within, between: the parts of the variance of s, C each. NaN for a gate that never changes.
    """
    parts = np.asarray(within, np.float64), np.asarray(between, np.float64)
    total = parts[0] + parts[1]
    return np.where(total > 0, parts[1] / np.where(total > 0, total, 1), np.nan)


def variance_parts(block: BlockProfile, counts: Iterable[int]) -> tuple[Doubles, Doubles]:
    """Return the parts of the variance of s within classes and between their means, C each.

    counts: the images of each class, K. A file of version 1 lacks the parts; then they are of its
    class means and deviations, which are rounded (`Profile.save`), so they are approximate.
    """
    if block.s_within is not None and block.s_between is not None:
        return block.s_within.astype(np.float64), block.s_between.astype(np.float64)
    images = np.asarray(list(counts), np.float64)[:, None]
    weights = images / images.sum()
    mean, std = (np.nan_to_num(v.astype(np.float64)) for v in (block.class_mean, block.class_std))
    overall = (weights * mean).sum(0)
    return (weights * std**2).sum(0), (weights * (mean - overall) ** 2).sum(0)


def class_selectivity(class_mean: Floats) -> Doubles:
    """Return (μ_max − μ_rest) / (μ_max + μ_rest) of each gate, C.

    class_mean: K×C, of s; classes without images (NaN) are left out. μ_max is the greatest class
    mean, μ_rest the mean of the others. NaN where there is one class, or both means are 0.
    """
    means = class_mean[~np.isnan(class_mean).any(1)].astype(np.float64)
    if len(means) < 2:
        return np.full(class_mean.shape[1], np.nan)
    greatest = means.max(0)
    rest = (means.sum(0) - greatest) / (len(means) - 1)
    total = greatest + rest
    return np.where(total != 0, (greatest - rest) / np.where(total != 0, total, 1), np.nan)


def median_share_interval(rows: Floats, labels: Integers, share: float, *, seed: int) -> Doubles:
    """Return the 95 % interval of a block's median η² by a bootstrap over sampled images, 2.

    rows: n×C gates of a sample of the images, labels: n; share: the median η² of all images, which
    the interval is laid around: a resampled η² is too large, as images that are drawn twice make
    classes look alike inside, so that only its deviations from the mean of all resamples are used.
    NaN where fewer than two classes have images.
    """
    from scipy.sparse import csr_array  # imported late, for a quick start of the app

    groups = np.unique(labels, return_inverse=True)[1]
    if len(rows) < 2 or groups.max() < 1:
        return np.full(2, np.nan)
    values = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    squares, random = values * values, np.random.default_rng(seed)
    found = np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        drawn = random.integers(len(rows), size=len(rows))
        times = np.bincount(drawn, minlength=len(rows)).astype(np.float64)
        sums = csr_array((times, (groups, np.arange(len(rows))))) @ values
        count = np.bincount(groups, weights=times).astype(np.float64)
        found[i] = _median_share(sums, count, squares=times @ squares)
    interval: Doubles = share + np.percentile(found - found.mean(), INTERVAL)
    return interval.clip(0, 1)


def _median_share(sums: Doubles, count: Doubles, *, squares: Doubles) -> float:
    """Return the median η² of images of K classes.

    sums: of their gates by class, K×C; count: of the images, K; squares: C, sums over all images.
    """
    total, mean = count.sum(), sums.sum(0) / count.sum()
    all_squares = squares / total - mean**2
    between = (sums * sums / np.maximum(count, 1)[:, None]).sum(0) / total - mean**2
    moves = all_squares > 0
    return float(np.median(between[moves] / all_squares[moves])) if moves.any() else 0.0


def neighbour_accuracy(rows: Floats, labels: Integers, *, k: int = NEIGHBOURS) -> float:
    """Return how often the k nearest other images by their gates name an image's class, 0 to 1.

    rows: n×C gates, labels: n. Nearest by Euclidean distance; the class that most of the k have
    wins, and of several such the one with the nearer image. NaN where there are no two classes or
    fewer than k + 1 images.
    """
    classes, of = np.unique(labels, return_inverse=True)
    if len(rows) <= k or len(classes) < 2:
        return float("nan")
    values = rows.astype(np.float64)
    squares = (values * values).sum(1)
    right = 0
    for start in range(0, len(rows), ROWS):
        part = np.arange(start, min(start + ROWS, len(rows)))
        distance = squares[part, None] + squares[None] - 2 * values[part] @ values.T
        distance[np.arange(len(part)), part] = np.inf  # not itself
        near = np.argpartition(distance, k, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(distance, near, 1), axis=1, kind="stable")
        named = of[np.take_along_axis(near, order, 1)]
        # A vote counts 1, and a little more the nearer it is, for the classes of as many votes.
        votes = np.zeros((len(part), len(classes)))
        for place in range(k):
            np.add.at(votes, (np.arange(len(part)), named[:, place]), 1 + 2.0 ** -(place + 1) / k)
        right += int((votes.argmax(1) == of[part]).sum())
    return right / len(rows)
