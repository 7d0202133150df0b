"""What the study found: one small file, assets/study.json, as records.

Accuracies are shares of the validation images, from 0 to 1; each variant has one of each seed.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from seviz.nets.embedded import ASSETS

FILE = ASSETS / "study.json"
WEIGHTS = ASSETS / "lab"  # KEY.safetensors, of each variant's best seed


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


def read(path: Path) -> Results:
    """Read a study's results as `seviz.study.collect` wrote them."""
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
