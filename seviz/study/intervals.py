"""Intervals of a variant's accuracy, and of a difference, over the choice of seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from seviz.nets.kept import kept

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % interval, which is infinite for a single seed."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference(Interval):
    """How far one variant's mean top-1 is above another's, with its 95 % interval.

    The interval is Welch's, from the seeds of both. A difference is clear if the interval excludes
    0: then it is larger than the variation between seeds.
    """

    @property
    def clear(self) -> bool:
        """Tell whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


def interval(values: Sequence[float]) -> Interval:
    """Return the mean over seeds with its interval by Student's t."""
    mean = fmean(values)
    if len(values) < 2:
        return Interval(mean, float("-inf"), float("inf"))
    reach = _quantile(len(values) - 1) * stdev(values) / len(values) ** 0.5
    return Interval(mean, mean - reach, mean + reach)


def difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Return the mean of a minus the mean of b; with fewer than two seeds nothing is clear."""
    mean = fmean(a) - fmean(b)
    if min(len(a), len(b)) < 2:
        return Difference(mean, float("-inf"), float("inf"))
    parts = [stdev(seeds) ** 2 / len(seeds) for seeds in (a, b)]
    if not sum(parts):
        return Difference(mean, mean, mean)
    reach = _quantile(welch_freedom(a, b)) * sum(parts) ** 0.5
    return Difference(mean, mean - reach, mean + reach)


def welch_freedom(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the degrees of freedom of a difference of means, each of two or more values."""
    parts = [stdev(values) ** 2 / len(values) for values in (a, b)]
    return sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (a, b), strict=True)
    )


def _quantile(freedom: float) -> float:
    known = kept("quantiles").get(str(freedom))
    return student_quantile(freedom) if known is None else float(known)


def student_quantile(freedom: float) -> float:
    """Return how many standard errors an interval reaches to each side, by Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
