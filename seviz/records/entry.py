"""A network of the catalogue as a record."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One network of the catalogue.

    source: where its weights come from: embedded, hub, release or checkpoint; origin: the file, Hub
    repository or address; input_size: (channels, height, width) in pixels; top1 and top5:
    accuracies in % on the validation images of `measured_on`, None where unknown; cached: whether
    the weights are on this machine; size: bytes of the weights' file where it is, else of the
    weights in it, which a download exceeds by less than 1 %; None where unknown; classes: how many
    it tells apart; twin: the key of its twin without SE, if it has one.
    """

    key: str
    title: str
    group: str
    source: str
    origin: str
    architecture: str
    tag: str
    parameters: int
    input_size: tuple[int, int, int]
    licence: str
    top1: float | None
    top5: float | None
    measured_on: str
    cached: bool
    size: int | None
    classes: int
    twin: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain JSON values."""
        return {**self.__dict__, "input_size": list(self.input_size)}
