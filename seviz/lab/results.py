"""What the study found: one small file, assets/study.json, as records.

Accuracies are shares of the validation images, from 0 to 1; each variant has one of each seed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from scipy.special import stdtrit

from seviz.embedded import ASSETS

FILE = ASSETS / "study.json"
WEIGHTS = ASSETS / "lab"  # KEY.safetensors, of each variant's best seed
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Found:
    """What was found of one variant: accuracies by seed, cost, and the seed whose weights ship.

    parameters and macs (multiply-adds of one image) are counted on the network itself.
    """

    key: str
    title: str
    top1: tuple[float, ...]
    top5: tuple[float, ...]
    parameters: int
    macs: int
    shipped_seed: int
    temperature: float  # of the shipped weights, as `LoadedModel.temperature`

    @property
    def mean(self) -> float:
        """Mean top-1 over the seeds."""
        return fmean(self.top1)

    @property
    def spread(self) -> float:
        """Sample standard deviation of top-1 over the seeds; NaN where there is but one."""
        return stdev(self.top1) if len(self.top1) > 1 else float("nan")


@dataclass(frozen=True)
class Results:
    """The study as a whole; about holds its recipe, images, date, torch and cores, by name."""

    variants: dict[str, Found]
    classes: tuple[str, ...]  # WordNet ids, in the networks' order
    about: dict[str, Any]


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


def read(path: Path) -> Results:
    """Read a study's results as `seviz.lab.collect` wrote them."""
    told = json.loads(path.read_text("utf-8"))
    variants = {
        key: Found(
            key=key,
            title=facts["title"],
            top1=tuple(facts["top1"]),
            top5=tuple(facts["top5"]),
            parameters=facts["parameters"],
            macs=facts["macs"],
            shipped_seed=facts["shipped_seed"],
            temperature=facts["temperature"],
        )
        for key, facts in told["variants"].items()
    }
    return Results(variants, tuple(told["classes"]), told["about"])


@cache
def results() -> Results:
    """Return the study that travels with seviz."""
    return read(FILE)
