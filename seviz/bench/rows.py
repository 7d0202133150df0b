"""A measurement of `bench`: a call of seviz's against another one, pair by pair."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

import timm
import torch
from torch import Tensor, nn

from seviz.measuring.measure import times_of
from seviz.passes.forward import as_array
from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

MODEL = "seresnet50"
SIDE = 224
PAIRS = 25


@dataclass(frozen=True)
class Row:
    """One measurement: the median ratio of two calls, its quartiles, and what is allowed.

    ours and theirs: the median milliseconds of either call, which say nothing of another machine.
    """

    name: str
    ratio: float
    low: float
    high: float
    limit: float
    ours: float
    theirs: float


@dataclass(frozen=True)
class Skipped:
    """A measurement that there is no figure of, and why, in a clause."""

    name: str
    why: str


class Unmeasured(Exception):
    """Says why there is nothing to be measured here."""


@dataclass(frozen=True)
class Networks:
    """One network with a probe and the same without, for an image (3×H×W) as batch and array."""

    loaded: LoadedModel
    bare: nn.Module
    batch: Tensor
    image: Floats

    @classmethod
    def made(cls, name: str = MODEL, side: int = SIDE) -> "Networks":
        """Make a network of timm's without trained weights: they don't change what it costs."""
        torch.manual_seed(0)
        bare = timm.create_model(name)
        loaded = prepare(wrap(name, bare))
        bare.eval().requires_grad_(False).to(loaded.device, memory_format=torch.channels_last)
        batch = torch.randn(1, 3, side, side).to(loaded.device, memory_format=torch.channels_last)
        return cls(loaded, bare, batch, as_array(batch[0]))

    def rows(self, count: int) -> Tensor:
        """Repeat the image: N×3×H×W."""
        return self.batch.repeat(count, 1, 1, 1).contiguous(memory_format=torch.channels_last)


def measured(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    limit: float,
    pairs: int,
) -> Row:
    """Measure two calls in turn, so many pairs of them."""
    return summed(name, times_of(ours, theirs, pairs), limit)


def summed(name: str, times: list[tuple[float, float]], limit: float) -> Row:
    """Sum pairs of seconds up; there are two or more."""
    low, middle, high = statistics.quantiles([ours / theirs for ours, theirs in times], n=4)
    ours, theirs = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    return Row(name, middle, low, high, limit, ours, theirs)
