"""Sources of a run's batches: images decoded once, or a loader where memory is short."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from timm.data import create_transform
from torch import Tensor
from torch.utils.data import DataLoader, Subset

from seviz.photos.dataset import batches, count_loaders
from seviz.photos.image_set import ImageSet
from seviz.training.augment import draw, vary
from seviz.training.decoded import Decoded
from seviz.training.recipe import Recipe

Side = Callable[[], int]  # the side of the next batch's images, in pixels


@dataclass(frozen=True)
class Batch:
    """Images (N×3×S×S, normalised, channels last) with their labels (N), on the device.

    other: labels of the images that were mixed in, whose share of the loss is 1 − share. teacher:
    the answers of the network that the run starts from, N×K probabilities.
    """

    images: Tensor
    labels: Tensor
    other: Tensor | None = None
    share: float = 1.0
    teacher: Tensor | None = None


class Feed(Protocol):
    """A source of an epoch's full batches, from step `first` on; they follow from the seed."""

    def epoch(self, recipe: Recipe, epoch: int, first: int, *, side: Side) -> Iterator[Batch]:
        """Yield the epoch's batches, each at the side that `side` returns at that moment."""


@dataclass(frozen=True)
class FromMemory:
    """Batches of decoded images, augmented on the images' device."""

    images: Decoded
    teacher: Tensor | None = None  # a teacher's probabilities of the images, N×K

    def epoch(self, recipe: Recipe, epoch: int, first: int, *, side: Side) -> Iterator[Batch]:
        """Draw all random numbers of the epoch first, then yield batch by batch."""
        where, size = self.images.pixels.device, recipe.batch
        generator = epoch_generator(recipe, epoch)
        order = torch.randperm(len(self.images), generator=generator)
        drawn = draw(len(self.images), recipe.strength, generator)
        mixing = torch.rand(len(self.images) // size, 4, generator=generator).tolist()
        order, drawn = order.to(where), drawn.to(where)
        for step in range(first, len(self.images) // size):
            now = slice(step * size, (step + 1) * size)
            pixels, labels = self.images.pixels[order[now]], self.images.labels[order[now]]
            teacher = None if self.teacher is None else self.teacher[order[now]]
            whole = Batch(vary(pixels, drawn[now], side()), labels, teacher=teacher)
            yield mix_batch(whole, recipe.mix, mixing[step])


@dataclass(frozen=True)
class FromDisk:
    """Batches that are read and augmented anew each epoch, for images that memory can't hold."""

    images: ImageSet
    config: dict[str, Any]
    where: torch.device
    loaders: int | None = None

    def epoch(self, recipe: Recipe, epoch: int, first: int, *, side: Side) -> Iterator[Batch]:
        """Yield the epoch's batches, all at the side of the first."""
        for images, labels in batches(self._loader(recipe, epoch, first, side=side())):
            images = images.to(self.where, memory_format=torch.channels_last)
            yield Batch(images, labels.to(self.where))

    def _loader(self, recipe: Recipe, epoch: int, first: int, *, side: int) -> DataLoader[Any]:
        self.images.seed = (recipe.seed, epoch)
        self.images.transform = create_transform(
            side,
            is_training=True,
            scale=(recipe.crop, 1.0),
            color_jitter=None,
            interpolation="bilinear",
            mean=self.config["mean"],
            std=self.config["std"],
        )
        generator = epoch_generator(recipe, epoch)
        order = torch.randperm(len(self.images), generator=generator).tolist()
        return DataLoader(
            Subset(self.images, order[first * recipe.batch :]),
            recipe.batch,
            drop_last=True,
            num_workers=count_loaders(self.loaders),
            generator=generator,
        )


def epoch_generator(recipe: Recipe, epoch: int) -> torch.Generator:
    """Return the random generator of an epoch's order and augmentation."""
    return torch.Generator().manual_seed(recipe.seed * 10_007 + epoch)


def mix_batch(batch: Batch, mix: float, chance: list[float]) -> Batch:
    """Mix each image with its neighbour in a share `mix` of the batches, half of these by CutMix.

    Mixup (arXiv 1710.09412) averages two images, CutMix (arXiv 1905.04899) puts a square of one
    into the other. chance: four numbers from 0 to 1 that decide whether and how to mix, the share
    of the first image, and the square's position.
    """
    if chance[0] >= mix:
        return batch
    images, (side, *_) = batch.images, batch.images.shape[2:]
    others, cut = images.roll(1, 0), round(side * (1 - max(chance[1], 1 - chance[1])) ** 0.5)
    if chance[0] < mix / 2:
        share = max(chance[1], 1 - chance[1])
        images = torch.lerp(others, images, share)
    else:
        top, left = (round((side - cut) * place) for place in chance[2:])
        inside = (..., slice(top, top + cut), slice(left, left + cut))
        images = images.clone()
        images[inside] = others[inside]
        share = 1 - cut**2 / side**2
    teacher = batch.teacher
    if teacher is not None:
        teacher = torch.lerp(teacher.roll(1, 0), teacher, share)
    return Batch(images, batch.labels, batch.labels.roll(1), share, teacher)
