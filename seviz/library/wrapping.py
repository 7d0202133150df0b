"""What `seviz.wrap` finds out about a module: its preprocessing, its classes, and their names."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.passes.logits import ForwardError, logits_of
from seviz.phrases import brief, did_you_mean, first_line, printable
from seviz.zoo.labels import read_labels

Transform = Callable[[Image.Image], Tensor]
Size = int | Sequence[int]
TERMS = ("input_size", "mean", "std", "interpolation", "crop_pct", "crop_mode")  # timm's
TRIED = 320, 240  # pixels of the picture that a transform is tried on
SIDE = 224  # of images where neither the module nor its owner says otherwise
LARGEST = 10_000
CHANNELS = (1, 3)


def said_preprocessing(
    module: nn.Module, transform: Transform | Mapping[str, Any] | None, size: Size | None
) -> tuple[dict[str, Any], Transform | None]:
    """Return what is said in timm's terms, and a transform that is more than they say, if any.

    transform: torchvision's or timm's Compose, or terms such as {"mean": …, "std": …}; size: of the
    images, a side, (height, width) or (channels, height, width). UserError where they don't fit.
    """
    said: dict[str, Any] = {}
    if isinstance(transform, Mapping):
        said, transform = _terms(transform), None
    elif transform is not None and not callable(transform):
        raise UserError(
            "transform is what turns a PIL image into a tensor, such as torchvision's Compose, or "
            f"a dict in timm's terms, not {type(transform).__name__}."
        )
    wanted = said.get("input_size") if size is None else _three(size, _channels(module))
    if transform is None:
        wanted = wanted or _stated_size(module)
        known = {} if wanted is None else {"input_size": wanted}
        return _fitting({**said, **known}), None
    found = _try(transform)
    if wanted and tuple(wanted) != found:
        raise UserError(
            f"input_size is {_times(wanted)}, and the transform makes {_times(found)}; leave "
            "input_size out, or give another transform."
        )
    mean, std = _normalisation(transform, found[0])
    return {"input_size": found, "mean": mean, "std": std}, transform


@torch.no_grad()
def count_classes(module: nn.Module, image: Tensor, name: str) -> int:
    """Return how many logits a module gives to an image, 1×C×H×W.

    UserError where it can't pass the image, or returns something else.
    """
    try:
        return int(logits_of(module, image, name).shape[1])
    except ForwardError as error:
        if error.reason.startswith("returns"):
            raise UserError(
                f"{name} {error.reason}, and seviz explains classifiers, which return one row of "
                "logits for each image; wrap a module that does."
            ) from error
        raise UserError(
            f"{name} can't pass an image of {_times(image.shape[1:])} ({error.reason}); give the "
            "size that it takes, as input_size=(channels, height, width)."
        ) from error


def class_names(
    labels: Sequence[str] | str | Path | None, classes: int, name: str
) -> tuple[str, ...] | None:
    """Return the names of a module's classes: given, or from a text file with one a line.

    None where none are given. UserError where they are not one for each class, each once.
    """
    if labels is None:
        return None
    if isinstance(labels, str | Path):
        return read_labels(Path(labels), classes, name)
    names = tuple(printable(str(label)) for label in labels)
    if len(names) != classes or len({*names, ""}) != len(names) + 1:
        raise UserError(
            f"labels are {len({*names} - {''})} different names, and {name} has {classes} classes; "
            "give one name for each, each once, in the order of the logits."
        )
    return names


def _terms(said: Mapping[str, Any]) -> dict[str, Any]:
    """Check terms of preprocessing; UserError where one is not of timm's."""
    for term in said:
        if term not in TERMS:
            near = did_you_mean(str(term), TERMS, otherwise=TERMS[:3])
            raise UserError(f"“{brief(str(term))}” is no term of a transform; {near}")
    return dict(said)


def _fitting(said: dict[str, Any]) -> dict[str, Any]:
    """Return terms whose mean and std are one number a channel; UserError for other numbers."""
    if "input_size" in said:
        said["input_size"] = _three(said["input_size"], said["input_size"][0])
    channels = said.get("input_size", (3,))[0]
    if channels == 1:  # timm's defaults are of colours
        said = {"mean": (0.449,), "std": (0.226,), **said}
    for term in ("mean", "std"):
        if term not in said:
            continue
        values = tuple(map(float, said[term]))
        if len(values) != channels or not all(0 <= value <= 1 for value in values):
            raise UserError(
                f"{term} is {brief(str(said[term]))}; give one number from 0 to 1 for each of the "
                f"{channels} channels."
            )
        said[term] = values
    return said


def _three(size: Size, channels: int) -> tuple[int, int, int]:
    """Return (channels, height, width) of a size; UserError where it can't be one."""
    numbers = (size, size) if isinstance(size, int) else tuple(size)
    whole = (channels, *numbers) if len(numbers) == 2 else numbers
    sides = all(isinstance(n, int) and 0 < n <= LARGEST for n in whole)
    if len(whole) != 3 or not sides or whole[0] not in CHANNELS:
        raise UserError(
            f"input_size is {brief(str(size))}; give a side, (height, width) or (channels, height, "
            "width) in pixels, of one channel or three."
        )
    return whole


def _stated_size(module: nn.Module) -> tuple[int, int, int] | None:
    """Return the size of a module that is not timm's or reads grey; None where timm knows it."""
    stated = getattr(module, "pretrained_cfg", None) or getattr(module, "default_cfg", None)
    return None if stated else (_channels(module), SIDE, SIDE)


def _channels(module: nn.Module) -> int:
    """Return how many channels the first convolution reads where that is one; else 3."""
    first = next((m for m in module.modules() if isinstance(m, nn.Conv2d)), None)
    return 1 if first is not None and first.in_channels == 1 else 3


def _try(transform: Transform) -> tuple[int, int, int]:
    """Return the size of what a transform makes of a picture; UserError where it is no image."""
    try:
        made = transform(Image.new("RGB", TRIED, "grey"))
    except Exception as error:  # a transform may raise anything
        raise UserError(
            f"The transform can't take a picture of {TRIED[0]}×{TRIED[1]} pixels "
            f"({type(error).__name__}: {first_line(str(error))}); it gets PIL images, RGB."
        ) from error
    if not isinstance(made, Tensor) or made.dim() != 3 or made.dtype != torch.float32:
        raise UserError(
            "The transform turns a PIL image into a tensor of float32, channels × height × width; "
            f"this one makes {_kind(made)}."
        )
    return _three(tuple(made.shape), len(made))


def _kind(made: object) -> str:
    if not isinstance(made, Tensor):
        return f"a value of the type {type(made).__name__}"
    return f"a tensor of {_times(made.shape)} of {str(made.dtype).removeprefix('torch.')}"


def _normalisation(
    transform: Transform, channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and std of the last step that normalises; 0 and 1 where there is none."""
    steps = getattr(transform, "transforms", [transform])
    for step in reversed(list(steps)):
        if type(step).__name__ == "Normalize":
            mean, std = (tuple(map(float, torch.as_tensor(v))) for v in (step.mean, step.std))
            return mean, std
    return (0.0,) * channels, (1.0,) * channels


def _times(size: Sequence[int]) -> str:
    return "×".join(map(str, size))
