"""The part of a photograph that a network's preprocessing keeps."""

from collections.abc import Callable
from typing import Any

from PIL import Image

Box = tuple[float, float, float, float]


def crop_box(transform: Callable[..., Any], size: tuple[int, int]) -> Box | None:
    """Return the part of a photograph of `size` (width, height) that a transform keeps.

    The box is (left, top, right, bottom) in the photograph's pixels; None where the transform has
    a step of an unknown kind.
    """
    from torchvision.transforms import CenterCrop, Resize

    width, height = size
    across = down = 1.0  # the photograph's pixels per pixel of the resized picture
    left = top = 0.0
    for step in getattr(transform, "transforms", []):
        if isinstance(step, Resize):
            new_width, new_height = _resized_size(step.size, width, height)
            across, down = across * width / new_width, down * height / new_height
            width, height = new_width, new_height
        elif isinstance(step, CenterCrop):
            tall, wide = step.size
            left, top = round((width - wide) / 2) * across, round((height - tall) / 2) * down
            width, height = wide, tall
        elif type(step).__name__ not in ("Grayscale", "MaybeToTensor", "ToTensor", "Normalize"):
            return None
    return left, top, left + width * across, top + height * down


def resized(transform: Callable[..., Any], photo: Image.Image) -> Image.Image:
    """Return an RGB photograph at the size from which a transform cuts its crop.

    The transform makes the same of the result as of the photograph, as it resizes pictures of bytes
    first. Where it has a step of an unknown kind, the photograph is returned as it is.
    """
    from torchvision.transforms import Grayscale, Resize

    if crop_box(transform, photo.size) is None:
        return photo
    for step in getattr(transform, "transforms", []):
        if not isinstance(step, Grayscale | Resize):
            break
        photo = step(photo)
    return photo if photo.mode == "RGB" else photo.convert("RGB")


def _resized_size(
    side: int | list[int] | tuple[int, ...], width: int, height: int
) -> tuple[int, int]:
    """Return the new width and height, as torchvision's Resize computes them."""
    if isinstance(side, int):
        short = min(width, height)
        return int(side * width / short), int(side * height / short)
    if len(side) == 1:
        return _resized_size(side[0], width, height)
    return side[1], side[0]
