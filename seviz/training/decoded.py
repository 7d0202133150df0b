"""Images decoded once and kept in memory as bytes, on the network's device.

For 64×64 images a training step takes less time than reading its batch from disk. So all images are
kept in one tensor, and augmented batch by batch. Memory: 12,288 bytes an image, 1.2 GB for 100,000.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor
from torch.nn.functional import interpolate, pad
from torch.utils.data import DataLoader
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.files import atomic_write
from seviz.nets.variants import SIDE
from seviz.photos.dataset import LabelledImages, batches, count_loaders
from seviz.photos.image_set import ImageSet

IMAGE_BYTES = 3 * SIDE * SIDE
SHIFT = 8  # images are moved by up to an eighth of their side
Batch = tuple[Tensor, Tensor]  # normalised N×3×H×W, channels last, and labels N


@dataclass(frozen=True)
class Decoded:
    """Decoded images: pixels are bytes, N×3×64×64; labels are indices of the classes, N."""

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)

    def to(self, where: torch.device) -> "Decoded":
        """Bring the images to a device."""
        return Decoded(self.pixels.to(where), self.labels.to(where))

    @cached_property
    def _by_side(self) -> dict[int, Tensor]:
        return {SIDE: self.pixels}

    def at(self, side: int) -> Tensor:
        """Return all images resized to a side in pixels; the last result is cached."""
        if side not in self._by_side:
            self._by_side.clear()
            self._by_side[side] = interpolate(
                self.pixels, (side, side), mode="bilinear", antialias=True
            )
        return self._by_side[side]

    def shuffled_batches(
        self, batch: int, side: int, generator: torch.Generator
    ) -> Iterator[Batch]:
        """Yield an epoch's full batches in random order, images flipped and shifted at random."""
        pixels = self.at(side)
        order = torch.randperm(len(self), generator=generator)
        for first in range(0, len(self) - batch + 1, batch):
            chosen = order[first : first + batch]
            yield normalise(_flip_and_shift(pixels[chosen], generator)), self.labels[chosen]

    def whole_batches(self, batch: int, count: int | None = None) -> Iterator[Batch]:
        """Yield the images in order, without augmentation; count: evenly chosen, None for all."""
        step = max(len(self) // count, 1) if count else 1
        pixels, labels = self.pixels[::step], self.labels[::step]
        for first in range(0, len(labels), batch):
            chosen = slice(first, first + batch)
            yield normalise(pixels[chosen]), labels[chosen]


def _flip_and_shift(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Flip images N×3×S×S at random, and shift each at random, with mirrored edges."""
    count, _, side, _ = pixels.shape
    reach = side // SHIFT
    flips = torch.rand(count, 1, 1, 1, generator=generator) < 0.5
    pixels = torch.where(flips, pixels.flip(3), pixels)
    wide = pad(pixels.float(), [reach] * 4, mode="reflect").to(torch.uint8)
    offsets = torch.randint(0, 2 * reach + 1, (2, count, 1), generator=generator)
    rows, columns = offsets + torch.arange(side)
    image = torch.arange(count)[:, None, None]
    moved = wide.permute(0, 2, 3, 1)[image, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)


def normalise(pixels: Tensor) -> Tensor:
    """Normalise bytes N×3×H×W by ImageNet's mean and standard deviation."""
    mean, std = (
        torch.tensor(of_colours, device=pixels.device).view(1, 3, 1, 1)
        for of_colours in (IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD)
    )
    images = (pixels / 255 - mean) / std
    return images.contiguous(memory_format=torch.channels_last)


def decode(images: ImageSet, loaders: int | None = None) -> Decoded:
    """Decode images with `loaders` processes; None for one per core.

    Images of another size are resized to 64×64. UserError where one is unreadable.
    """
    images.seed, images.transform = None, _as_bytes
    pairs = list(batches(DataLoader(images, 256, num_workers=count_loaders(loaders))))
    return Decoded(torch.cat([x for x, _ in pairs]), torch.cat([y for _, y in pairs]))


def images_of_classes(
    data: Path, split: str, classes: tuple[str, ...], *, each: int | None = None
) -> LabelledImages:
    """List a split's images of some classes, numbered in that order, at most `each` a class.

    data: as in `LabelledImages` for training. UserError where a class is missing.
    """
    images = LabelledImages(data, split, hold_out=True)
    if missing := sorted(set(classes) - set(images.classes)):
        raise UserError(f"{data} has no class folder {missing[0]}, one of the study's.")
    number = {images.classes.index(name): i for i, name in enumerate(classes)}
    left = dict.fromkeys(number, each or len(images))
    samples = []
    for member, label in images.samples:
        if left.get(label, 0) > 0:
            left[label] -= 1
            samples.append((member, number[label]))
    images.samples, images.classes = samples, classes
    return images


def fits(count: int, where: torch.device) -> bool:
    """Tell whether `count` decoded images take at most half of the memory that is free."""
    return count * IMAGE_BYTES <= free_memory(where) // 2


def free_memory(where: torch.device) -> int:
    """Return the bytes that are free on a device; on the CPU those that Linux calls available."""
    if where.type == "cuda":
        return int(torch.cuda.mem_get_info(where)[0])
    try:
        rows = Path("/proc/meminfo").read_text("utf-8").splitlines()
        return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("MemAvailable"))
    except (OSError, StopIteration):  # not Linux: the total memory
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _as_bytes(image: object) -> Tensor:
    """Convert an RGB image to bytes, 3×64×64."""
    pixels: Tensor = pil_to_tensor(image)
    if pixels.shape[1:] != (SIDE, SIDE):
        pixels = interpolate(pixels[None], (SIDE, SIDE), mode="bilinear", antialias=True)[0]
    return pixels


def save_decoded(path: Path, decoded: Decoded) -> None:
    """Write decoded images as a safetensors file, whole or not at all."""
    with atomic_write(path) as fresh:
        try:
            save_file({"pixels": decoded.pixels, "labels": decoded.labels}, fresh)
        except SafetensorError as error:  # of a full disk, too
            raise UserError(f"{path} can't be written: {error}.") from error


def load_decoded(path: Path) -> Decoded:
    """Read decoded images that `save_decoded` wrote."""
    tensors = load_file(path)
    return Decoded(tensors["pixels"], tensors["labels"])
