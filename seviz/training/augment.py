"""Augmentation of decoded images: random numbers drawn once an epoch, applied batch by batch.

An image's crop, flip, rotation and shear are one affine map of its coordinates, sampled once; its
brightness, contrast, saturation and hue are one affine map of its colours, normalisation included.
So a batch takes two operations on the images' device. All random numbers are drawn beforehand on
the CPU, so an epoch follows from its seed on any device.
"""

import math
from dataclasses import dataclass

import torch
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor
from torch.nn.functional import affine_grid, avg_pool2d, grid_sample

CLOSE_AREA = 0.1  # least share of the area that a close crop keeps
RATIO = math.log(4 / 3)  # of a crop's sides, at most (as in Inception, arXiv 1409.4842)
GREY = (0.299, 0.587, 0.114)  # luma, ITU-R BT.601
SMOOTH_FROM = 1.5  # pixels of the crop per pixel of the result, above which sampling would alias


@dataclass(frozen=True)
class Strength:
    """How strongly images are augmented. The defaults are flips, and crops to half the area.

    crop: least share of the area that a crop keeps; close: share of the images that are cropped
    down to CLOSE_AREA, as people's close-ups are; colour: brightness, contrast and saturation vary
    by up to this share, and hue by a quarter of it in radians; turn: radians, and shear alike.
    """

    crop: float = 0.5
    close: float = 0.0
    colour: float = 0.0
    turn: float = 0.0


@dataclass(frozen=True)
class Draws:
    """Random maps of N images: of their coordinates (N×2×3) and of their colours (N×3×4)."""

    places: Tensor
    colours: Tensor

    def __getitem__(self, chosen: slice) -> "Draws":
        """Return the draws of some of the images."""
        return Draws(self.places[chosen], self.colours[chosen])

    def to(self, where: torch.device) -> "Draws":
        """Bring the draws to the images' device."""
        return Draws(self.places.to(where), self.colours.to(where))


def draw(count: int, strength: Strength, generator: torch.Generator) -> Draws:
    """Draw the maps of `count` images, on the CPU; the strength scales the same random numbers."""
    chance = torch.rand(15, count, generator=generator)
    return Draws(_places(chance[:9], strength), _colours(chance[9:], strength))


def vary(pixels: Tensor, drawn: Draws, side: int) -> Tensor:
    """Augment images (bytes, N×3×S×S); returns float32, N×3×side×side, normalised, channels last.

    Where a crop reaches beyond the image, as a rotated one may, the image's edges are mirrored.
    """
    finer = 2 if pixels.shape[-1] > SMOOTH_FROM * side else 1
    shape = [len(pixels), 3, finer * side, finer * side]
    grid = affine_grid(drawn.places, shape, align_corners=False)
    images = grid_sample(pixels.float(), grid, padding_mode="reflection", align_corners=False)
    if finer > 1:
        images = avg_pool2d(images, finer)
    matrix, offset = drawn.colours[:, :, :3], drawn.colours[:, :, 3:]
    mapped = torch.baddbmm(offset, matrix, images.flatten(2)).view(-1, 3, side, side)
    return mapped.contiguous(memory_format=torch.channels_last)


def _places(chance: Tensor, strength: Strength) -> Tensor:
    """Map the result's coordinates (−1 to 1) into the image's: N×2×3."""
    area, close, ratio, across, down, flip, turn, shear, _ = chance
    least = torch.where(close < strength.close, CLOSE_AREA, strength.crop)
    area = least + (1 - least) * area
    room = -area.log() / 2  # beyond it, a stretched crop would be larger than the image
    stretch = (RATIO * (ratio - 0.5)).clamp(-room, room).exp()
    width, height = area.sqrt() * stretch, area.sqrt() / stretch
    angle, slant = (strength.turn * (2 * share - 1) for share in (turn, shear))
    mirror = torch.where(flip < 0.5, -1.0, 1.0)
    cos, sin, tan = angle.cos(), angle.sin(), slant.tan()
    first = torch.stack([mirror * width * cos, height * (cos * tan - sin)], 1)
    second = torch.stack([mirror * width * sin, height * (sin * tan + cos)], 1)
    centre = torch.stack([(1 - width) * (2 * across - 1), (1 - height) * (2 * down - 1)], 1)
    return torch.cat([torch.stack([first, second], 1), centre[:, :, None]], 2)


def _colours(chance: Tensor, strength: Strength) -> Tensor:
    """Map bytes into normalised colours: N×3×4."""
    factors = 1 + strength.colour * (2 * chance[:3] - 1)
    brightness, contrast, saturation = factors[:, :, None, None]
    angle = strength.colour / 4 * (2 * chance[3] - 1)
    grey = torch.tensor(GREY).expand(3, 3)
    mean, std = (torch.tensor(of) for of in (IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD))
    matrix = saturation * torch.eye(3) + (1 - saturation) * grey
    matrix = _hue(angle) @ matrix * brightness * contrast
    # Contrast turns about the mean colour of photographs, so that it doesn't darken them.
    offset = (1 - contrast[:, :, 0]) * mean * brightness[:, :, 0] - mean
    return torch.cat([matrix / 255, offset[:, :, None]], 2) / std[:, None]


def _hue(angle: Tensor) -> Tensor:
    """Turn colours about the grey axis, by angles in radians (N): N×3×3 (Rodrigues' formula)."""
    axis = torch.full((3,), 3**-0.5)
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) * 3**-0.5
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    return cos * torch.eye(3) + sin * cross + (1 - cos) * torch.outer(axis, axis)
