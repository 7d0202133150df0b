"""The images of the study: a few classes of Tiny-ImageNet-200, decoded once, augmented in batches.

Decoding would take longer than a step of so small a network, so all images are kept as bytes in one
file, and what varies between epochs is done to whole batches of tensors.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor
from torch.nn.functional import interpolate, pad
from torchvision.transforms.functional import pil_to_tensor

from seviz.data import LabelledImages, batches, ordered
from seviz.errors import UserError
from seviz.lab.variants import SIDE

SHIFT = 8  # images are moved by up to an eighth of their side
Batch = tuple[Tensor, Tensor]  # normalised N×3×H×W, channels last, and labels N


@dataclass(frozen=True)
class Subset:
    """Decoded images: pixels are bytes, N×3×64×64; labels count the classes in their order."""

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)

    @cached_property
    def _shrunk(self) -> dict[int, Tensor]:
        return {SIDE: self.pixels}

    def at(self, side: int) -> Tensor:
        """Return all images at another side, in pixels; the last one asked for is kept."""
        if side not in self._shrunk:
            self._shrunk.clear()
            self._shrunk[side] = interpolate(
                self.pixels, (side, side), mode="bilinear", antialias=True
            )
        return self._shrunk[side]

    def shuffled(self, batch: int, side: int, generator: torch.Generator) -> Iterator[Batch]:
        """Yield an epoch's whole batches: each image once, flipped by chance and shifted."""
        pixels = self.at(side)
        order = torch.randperm(len(self), generator=generator)
        for first in range(0, len(self) - batch + 1, batch):
            chosen = order[first : first + batch]
            yield normalised(_moved(pixels[chosen], generator)), self.labels[chosen]

    def whole(self, batch: int, count: int | None = None) -> Iterator[Batch]:
        """Yield the images as they are, in their order; count: evenly chosen, none for all."""
        step = max(len(self) // count, 1) if count else 1
        pixels, labels = self.pixels[::step], self.labels[::step]
        for first in range(0, len(labels), batch):
            chosen = slice(first, first + batch)
            yield normalised(pixels[chosen]), labels[chosen]


def _moved(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Flip each image of N×3×S×S or not, and shift it, its edges mirrored."""
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


def normalised(pixels: Tensor) -> Tensor:
    """Turn bytes N×3×H×W into what networks are given: ImageNet's mean 0 and deviation 1."""
    mean, std = (
        torch.tensor(of_colours).view(1, 3, 1, 1)
        for of_colours in (IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD)
    )
    images = (pixels / 255 - mean) / std
    return images.contiguous(memory_format=torch.channels_last)


def decode(data: Path, split: str, classes: tuple[str, ...], each: int | None = None) -> Subset:
    """Decode a split's images of the classes, at most `each` a class.

    data: as in `LabelledImages`. UserError where a class or an image is missing or unreadable.
    """
    images = LabelledImages(data, split)
    if missing := sorted(set(classes) - set(images.classes)):
        raise UserError(f"{data} has no class folder {missing[0]}, one of the study's.")
    number = {images.classes.index(name): i for i, name in enumerate(classes)}
    left = dict.fromkeys(number, each or len(images))
    samples = []
    for member, label in images.samples:
        if left.get(label, 0) > 0:
            left[label] -= 1
            samples.append((member, number[label]))
    images.samples = samples
    pairs = list(batches(ordered(images, _as_bytes, 256)))
    return Subset(torch.cat([x for x, _ in pairs]), torch.cat([y for _, y in pairs]))


def _as_bytes(image: object) -> Tensor:
    """Bring an RGB image to 64×64 bytes, 3×64×64."""
    pixels: Tensor = pil_to_tensor(image)
    if pixels.shape[1:] != (SIDE, SIDE):
        pixels = interpolate(pixels[None], (SIDE, SIDE), mode="bilinear", antialias=True)[0]
    return pixels


def keep(path: Path, subset: Subset) -> None:
    """Write decoded images as a safetensors file, whole or not at all."""
    fresh = path.with_suffix(".new")
    save_file({"pixels": subset.pixels, "labels": subset.labels}, fresh)
    fresh.replace(path)


def kept(path: Path) -> Subset:
    """Read what `keep` wrote."""
    tensors = load_file(path)
    return Subset(tensors["pixels"], tensors["labels"])
