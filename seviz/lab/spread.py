"""Whether a difference between two variants is larger than what other seeds would make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy.special import stdtrit

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """How far one variant's mean top-1 is above another's, with its 95 % interval.

    The interval is Welch's, from the seeds of both. clear: it does not hold 0, so the difference is
    larger than what other seeds would make of it.
    """

    mean: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Tell whether the seeds can't explain it."""
        return self.low > 0 or self.high < 0


def difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Hold the accuracies of a against those of b; with less than two seeds nothing is clear."""
    mean = fmean(a) - fmean(b)
    if min(len(a), len(b)) < 2:
        return Difference(mean, float("-inf"), float("inf"))
    parts = [stdev(seeds) ** 2 / len(seeds) for seeds in (a, b)]
    if not sum(parts):
        return Difference(mean, mean, mean)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(seeds) - 1) for part, seeds in zip(parts, (a, b), strict=True)
    )
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * sum(parts) ** 0.5
    return Difference(mean, mean - reach, mean + reach)
