"""What people say about their own weights: labels, head, and the preprocessing of photographs."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from seviz.errors import UserError
from seviz.records.numbers import SOFTMAX
from seviz.zoo.description import LARGEST, LEAST_STD


class Settings(NamedTuple):
    """What people say about their own weights; None where it is as in the architecture.

    labels: a text file that names the classes, one a line; head: SOFTMAX or SIGMOID, by default a
    sigmoid where there is one output; size: one side or (height, width) of the input in pixels;
    mean and std: of the normalisation of pixels from 0 to 1, one number or one for each channel.
    """

    labels: Path | None = None
    head: str | None = None
    size: tuple[int, ...] | None = None
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None


def check_settings(said: Settings, name: str, *, classes: int, channels: int) -> None:
    """Raise UserError where what people said about their weights is not possible.

    name: the file's; classes: of its head, 0 for none; channels: of its input.
    """
    if not classes and (said.head or said.labels):
        raise UserError(f"{name} has no head, so it takes neither --head nor --labels.")
    if said.head == SOFTMAX and classes == 1:
        raise UserError(f"{name} has one output, whose softmax is always 100 %; take sigmoid.")
    if said.size and (len(said.size) > 2 or not all(0 < n <= LARGEST for n in said.size)):
        raise UserError(
            f"--input-size {numbers(said.size)} is not possible; give one side, or height and "
            f"width, in pixels: 1 to {LARGEST}."
        )
    for option, values in (("--mean", said.mean), ("--std", said.std)):
        if values is None:
            continue
        if len(values) not in (1, channels):
            many = "one number" if channels == 1 else f"one number, or {channels}"
            raise UserError(f"{option} has {len(values)} numbers; {name} takes {many}.")
        least = LEAST_STD if option == "--std" else 0
        if not all(least <= value <= 1 for value in values):  # NaN neither
            raise UserError(
                f"{option} {numbers(values)} is not possible; give numbers from {least} to 1 "
                "(those for pixels of 0 to 255 divided by 255)."
            )


def numbers(values: Iterable[float]) -> str:
    """Write numbers as an option takes them."""
    return " ".join(f"{value:g}" for value in values)
