"""Recovers the accuracy of a folded network: new norm statistics, then short fine-tuning."""

import math
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn
from torch.utils.data import DataLoader, Subset

from seviz.errors import UserError
from seviz.measuring.measure import answers
from seviz.photos.dataset import batch_for, batches, count_loaders
from seviz.photos.image_set import ImageSet
from seviz.photos.loader import Loader
from seviz.photos.sources import USUAL, Access, open_set
from seviz.zoo.device import device
from seviz.zoo.models import photo_transform
from seviz.zoo.sources import Source

BATCH = 64  # at most; fewer where images are large
RATE, MOMENTUM, DECAY = 0.01, 0.9, 1e-4  # of stochastic gradient descent; the rate falls to 0
CROP = 0.5  # the least share of an image's area that a crop keeps
SETTLED = 2048  # images over which norm statistics are measured
MINUTES, MOST_MINUTES = 5.0, 10_000.0
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Tuned:
    """What tuning did. top1: shares of the held-out images, before, with new norms, and after.

    held_out: which images these are, as words; images: how many were trained on, counted as often
    as they were seen; minutes: that it took, without measuring.
    """

    data: str
    held_out: str
    measured: int
    top1: tuple[float, float, float]
    steps: int
    images: int
    minutes: float
    seed: int

    @property
    def words(self) -> str:
        """Say it for the file."""
        return (
            f"for {self.minutes:.1f} minutes on {self.data}, {self.images:,} images, seed "
            f"{self.seed}"
        )


@dataclass(frozen=True)
class _Images:
    """Images to train on and to measure with, in the network's order of classes."""

    train: ImageSet
    val: ImageSet
    source: Source
    loaders: int | None
    seed: int

    @property
    def batch(self) -> int:
        return min(BATCH, batch_for(self.source.config), len(self.train))

    def top1(self, model: nn.Module, where: torch.device) -> tuple[int, float]:
        """Measure the accuracy on the held-out images; returns their number, too."""
        see, batch = photo_transform(self.source.config), batch_for(self.source.config)
        loader = Loader(self.val, see, batch, loaders=self.loaders)
        found = answers(model, loader.pairs(), where)
        return len(found.labels), found.top(1)

    def settling(self) -> DataLoader[Any]:
        """Read some training images without augmentation, for norm statistics."""
        seen = copy(self.train)
        seen.transform = photo_transform(self.source.config)
        some = torch.randperm(len(seen), generator=self._generator(-1))[:SETTLED].tolist()
        return DataLoader(
            Subset(seen, some), self.batch, num_workers=count_loaders(self.loaders), drop_last=True
        )

    def training(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Read the training images, cut and flipped at random, without end."""
        augmented = {"is_training": True, "scale": (CROP, 1.0), "color_jitter": None}
        self.train.transform = photo_transform(self.source.config | augmented)
        for epoch in count():
            self.train.seed = (self.seed, epoch)
            order = torch.randperm(len(self.train), generator=self._generator(epoch)).tolist()
            loader: DataLoader[Any] = DataLoader(
                Subset(self.train, order),
                self.batch,
                num_workers=count_loaders(self.loaders),
                drop_last=True,
                generator=self._generator(epoch),
            )
            yield from batches(loader)

    def _generator(self, epoch: int) -> torch.Generator:
        return torch.Generator().manual_seed(self.seed * 10_007 + epoch + 1)


def check_tuning(minutes: float, seed: int) -> None:
    """Raise UserError for a time or a seed that is not possible."""
    if not 0 < minutes <= MOST_MINUTES:
        raise UserError(f"--minutes {minutes:g} is not possible; give more than 0.")
    if not 0 <= seed <= MOST_SEED:
        raise UserError(f"--seed {seed} is not possible; give 0 to {MOST_SEED}.")


def tune(
    model: nn.Module,
    source: Source,
    data: Path | str,
    *,
    minutes: float,
    seed: int = 0,
    loaders: int | None = None,
    access: Access = USUAL,
    limit: int | None = None,
    show: Callable[[str], None] = lambda _: None,
) -> Tuned:
    """Tune a network of a source on “train” images, and measure it on “val”; it is changed.

    Norm statistics are measured anew over training images first, then all weights are trained for
    the given minutes, and the statistics are measured again. data, access: as of
    `seviz.photos.sources.open_set`, which holds every tenth image out where there is no “val”.
    limit: measure on so many of these; show: is called with a sentence now and then. UserError
    where the data can't be used, or the training diverges.
    """
    check_tuning(minutes, seed)
    images, where = _open(source, data, access=access, loaders=loaders, seed=seed), device()
    images.val.limit = limit
    model.to(where).to(memory_format=torch.channels_last)
    measured, before = images.top1(model, where)
    show(f"before tuning: {100 * before:.1f} % of {measured:,} held-out images are right")
    began = time.monotonic()
    update_bn(batches(images.settling()), model, where)
    settling = time.monotonic() - began
    _, settled = images.top1(model, where)
    show(f"with new norm statistics: {100 * settled:.1f} %")
    began = time.monotonic()
    steps = _train(model, images, where, seconds=60 * minutes - 2 * settling, show=show)
    update_bn(batches(images.settling()), model, where)
    taken = settling + time.monotonic() - began
    model.eval().requires_grad_(False)
    if not all(values.isfinite().all() for values in model.state_dict().values()):
        raise UserError("The tuning diverged: weights are no numbers now; nothing is written.")
    _, after = images.top1(model, where)
    model.to("cpu")
    name = data.name if isinstance(data, Path) else data
    held = getattr(images.val, "held_out", False)
    return Tuned(
        data=f"{name} (train)",
        held_out="every tenth image of a class" if held else f"{name} (val)",
        measured=measured,
        top1=(before, settled, after),
        steps=steps,
        images=steps * images.batch,
        minutes=taken / 60,
        seed=seed,
    )


def _open(
    source: Source, data: Path | str, *, access: Access, loaders: int | None, seed: int
) -> _Images:
    train, val = (open_set(data, split, access=access) for split in ("train", "val"))
    for images in (train, val):
        images.match_classes(source.folders, source.labels)
    if len(train) < 2:
        raise UserError(f"{data} has {len(train)} image to train on; give more.")
    return _Images(train, val, source, loaders, seed)


def _train(
    model: nn.Module,
    images: _Images,
    where: torch.device,
    *,
    seconds: float,
    show: Callable[[str], None],
) -> int:
    """Train for some seconds, but one step at least; returns the number of steps."""
    model.train().requires_grad_(True)
    optimizer = torch.optim.SGD(
        model.parameters(), RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True
    )
    began = told = time.monotonic()
    for step, (x, y) in enumerate(images.training(), 1):
        gone = (time.monotonic() - began) / max(seconds, 1e-9)
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 + math.cos(math.pi * min(gone, 1))) / 2
        logits = model(x.to(where, memory_format=torch.channels_last))
        loss = nn.functional.cross_entropy(logits, y.to(where))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        now = time.monotonic()
        if now - told > 30:
            show(f"{(now - began) / 60:.1f} minutes, {step:,} steps, loss {loss.item():.3f}")
            told = now
        if now - began >= seconds:
            return step
    raise AssertionError("training images are without end")
