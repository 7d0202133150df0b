"""The results of the study, read from assets/study.json.

Accuracies are shares of the validation images, from 0 to 1; each variant has one for each seed.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from seviz.nets.embedded import ASSETS

FILE = ASSETS / "study.json"
WEIGHTS = ASSETS / "lab"  # KEY.safetensors holds the weights of each variant's best seed


@dataclass(frozen=True)
class VariantFigures:
    """The figures of one variant: accuracies by seed, cost, and the seed of the shipped weights.

    parameters and macs (multiply-adds for one image) are counted on the network itself.
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
        """Sample standard deviation of top-1 over the seeds; NaN where there is only one."""
        return stdev(self.top1) if len(self.top1) > 1 else float("nan")


@dataclass(frozen=True)
class Results:
    """The results of the whole study.

    about: its recipe, numbers of images, dates, torch versions and cores, by name.
    """

    variants: dict[str, VariantFigures]
    classes: tuple[str, ...]  # WordNet ids, in the networks' order
    about: dict[str, Any]


def read(path: Path) -> Results:
    """Read a study's results as `seviz.study.collect` wrote them."""
    stored = json.loads(path.read_text("utf-8"))
    variants = {
        key: VariantFigures(
            key=key,
            title=facts["title"],
            top1=tuple(facts["top1"]),
            top5=tuple(facts["top5"]),
            parameters=facts["parameters"],
            macs=facts["macs"],
            shipped_seed=facts["shipped_seed"],
            temperature=facts["temperature"],
        )
        for key, facts in stored["variants"].items()
    }
    return Results(variants, tuple(stored["classes"]), stored["about"])


@cache
def results() -> Results:
    """Return the results that are shipped with seviz."""
    return read(FILE)
