"""One row of `seviz bench`: the time of a call of seviz as a ratio to that of another call."""

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
SIDE = 224  # pixels
PAIRS = 25  # how often both calls are timed


@dataclass(frozen=True)
class Row:
    """How much longer our call takes than theirs.

    ratio, low, high: the median and the quartiles of ours / theirs over all pairs; limit: the
    largest ratio that is allowed; ours, theirs: the median milliseconds of each call, which say
    nothing of another machine.
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
    """A measurement that gave no figure; why: a clause, such as “captum is not installed”."""

    name: str
    why: str


class Unmeasured(Exception):
    """Raised by a measurement that this machine can't make; its message is a `Skipped.why`."""


@dataclass(frozen=True)
class Networks:
    """A network with seviz's probe and one of the same weights without, and an image for both.

    batch: the image as 1×3×H×W on the device; image: the same as a 3×H×W array.
    """

    loaded: LoadedModel
    bare: nn.Module
    batch: Tensor
    image: Floats

    @classmethod
    def make(cls, name: str = MODEL, side: int = SIDE) -> "Networks":
        """Make both networks from timm, with random weights, as their values don't change the time.

        side: the image's height and width in pixels.
        """
        torch.manual_seed(0)
        bare = timm.create_model(name)
        loaded = prepare(wrap(name, bare))
        bare.eval().requires_grad_(False).to(loaded.device, memory_format=torch.channels_last)
        batch = torch.randn(1, 3, side, side).to(loaded.device, memory_format=torch.channels_last)
        return cls(loaded, bare, batch, as_array(batch[0]))

    def rows(self, count: int) -> Tensor:
        """Repeat the image as a batch, count×3×H×W."""
        return self.batch.repeat(count, 1, 1, 1).contiguous(memory_format=torch.channels_last)


def compare(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    limit: float,
    pairs: int,
) -> Row:
    """Time two calls in turn, `pairs` times each."""
    return summarise(name, times_of(ours, theirs, pairs), limit)


def summarise(name: str, times: list[tuple[float, float]], limit: float) -> Row:
    """Make a row of two or more pairs of times: (ours, theirs) in seconds."""
    low, median, high = statistics.quantiles([ours / theirs for ours, theirs in times], n=4)
    ours, theirs = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    return Row(name, median, low, high, limit, ours, theirs)
