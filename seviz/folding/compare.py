"""A network before and after it was folded: its cost, time and accuracy."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import torch
from torch import Tensor, nn

from seviz.measuring.evaluate import image_loader
from seviz.measuring.intervals import paired, wilson
from seviz.measuring.measure import collect_answers, multiply_adds, times_of
from seviz.photos.dataset import batch_for
from seviz.photos.sources import Reading
from seviz.photos.used import ImagesUsed
from seviz.records.losses import Estimate
from seviz.zoo.device import device, device_words
from seviz.zoo.sources import Source

PAIRS = {1: 25, 32: 9}  # pairs of passes that are timed at most, by the images of a batch
FEWEST = 3  # pairs, however slow they are
SECONDS = 10.0  # that the pairs of a batch may take
Pair = tuple[float, float]  # before and after


@dataclass(frozen=True)
class Latency:
    """The time of a batch on a device, in milliseconds, as medians of pairs that alternate.

    ratio: the median of after / before over the pairs, whose quartiles are low and high.
    """

    device: str
    batch: int
    pairs: int
    milliseconds: Pair
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Accuracy:
    """Top-1 accuracy before and after on the same images, as shares.

    difference: of after from before, with its 95 % interval; agreement: the share of images that
    both give the same answer to. intervals: Wilson's of 95 %.
    """

    images: int
    top1: Pair
    intervals: tuple[Pair, Pair]
    difference: Estimate
    agreement: float
    used: ImagesUsed


@dataclass(frozen=True)
class Cost:
    """Parameters, and multiply-adds of one image, before and after."""

    parameters: tuple[int, int]
    macs: tuple[int, int]


def cost(before: nn.Module, after: nn.Module, source: Source) -> Cost:
    """Count what a network costs before and after."""
    both = before, after
    parameters, macs = (
        [sum(p.numel() for p in model.parameters()) for model in both],
        [multiply_adds(model, source.input_size) for model in both],
    )
    return Cost((parameters[0], parameters[1]), (macs[0], macs[1]))


def latencies(
    before: nn.Module, after: nn.Module, source: Source, *, batches: Iterable[int] = PAIRS
) -> tuple[Latency, ...]:
    """Time both networks on the CPU, and on CUDA where there is one; both are on the CPU then.

    batches: of how many images, some of PAIRS.
    """
    kinds = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    return tuple(
        _latency(before, after, source, where=torch.device(kind), batch=batch)
        for kind in kinds
        for batch in batches
    )


@torch.inference_mode()
def _latency(
    before: nn.Module, after: nn.Module, source: Source, *, where: torch.device, batch: int
) -> Latency:
    images = torch.randn(batch, *source.input_size, generator=torch.Generator().manual_seed(0))
    x = images.to(where, memory_format=torch.channels_last)
    for model in (before, after):
        model.to(where).to(memory_format=torch.channels_last)
    ((one, other),) = times_of(lambda: after(x), lambda: before(x), 1)
    pairs = max(FEWEST, min(PAIRS[batch], int(SECONDS / (one + other))))
    times = times_of(lambda: after(x), lambda: before(x), pairs)
    for model in (before, after):
        model.to("cpu")
    now, then = (1000 * median(seconds) for seconds in zip(*times, strict=True))
    words = device_words() if where.type == device().type else where.type.upper()
    low, ratio, high = quantiles([mine / other for mine, other in times], n=4)
    return Latency(words, batch, pairs, (then, now), ratio, low, high)


def accuracy(
    before: nn.Module,
    after: nn.Module,
    source: Source,
    *,
    data: Path | str,
    reading: Reading,
    loaders: int | None = None,
) -> Accuracy:
    """Measure both networks in one pass over labelled images, as `seviz.measuring.evaluate` does.

    UserError as of it; both networks are on the CPU then.
    """
    where = device()
    models = [m.to(where).to(memory_format=torch.channels_last) for m in (before, after)]
    loader = image_loader(
        source,
        data,
        batch=batch_for(source.config),
        photographs=False,
        loaders=loaders,
        reading=reading,
    )

    def ask(x: Tensor) -> Tensor:
        return torch.stack([model(x) for model in models], 1)

    answers = collect_answers(ask, loader.pairs(), where)
    for model in models:
        model.to("cpu")
    best = answers.logits.argmax(2)
    right = (best == answers.labels[:, None]).double()
    (then, now), images = right.mean(0).tolist(), len(right)
    return Accuracy(
        images=images,
        top1=(then, now),
        intervals=(wilson(then, images), wilson(now, images)),
        difference=paired((right[:, 1] - right[:, 0]).numpy()),
        agreement=float((best[:, 0] == best[:, 1]).double().mean()),
        used=loader.used(),
    )
