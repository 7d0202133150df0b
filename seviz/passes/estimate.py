"""How long a question will take, from the number of rows that pass and the time of one row.

The time of a row is measured on the network itself, when it is first wanted.
"""

from dataclasses import dataclass

from seviz.watch import check_asker
from seviz.zoo.device import clock
from seviz.zoo.models import LoadedModel

GRADIENT = 3  # a row with gradients takes as long as so many without
TRIES = 2  # passes that are timed: the first of a shape prepares what later ones use
SMALL = 100  # rows without gradients: fewer are not worth a measurement


@dataclass(frozen=True)
class PassRows:
    """How many rows pass a network, without gradients (forward) and with them."""

    forward: int = 0
    gradients: int = 0

    def __add__(self, other: "PassRows") -> "PassRows":
        """Count both."""
        return PassRows(self.forward + other.forward, self.gradients + other.gradients)

    def __mul__(self, times: int) -> "PassRows":
        """Count so many times as many."""
        return PassRows(self.forward * times, self.gradients * times)

    @property
    def count(self) -> int:
        """Return how many rows pass in all."""
        return self.forward + self.gradients

    @property
    def weight(self) -> int:
        """Return how many rows without gradients take as long as these."""
        return self.forward + GRADIENT * self.gradients


@dataclass
class RowTime:
    """The seconds of one row without gradients, the least that were measured; kept by network."""

    seconds: float = float("inf")

    @classmethod
    def of(cls, loaded: LoadedModel) -> "RowTime":
        """Return a network's record, which its cache keeps."""
        known: RowTime = loaded.cache.setdefault(cls, cls())
        return known

    def measure(self, loaded: LoadedModel) -> None:
        """Time a few passes of a blank image; on a busy machine they may take longer than alone."""
        import torch

        from seviz.passes.batch_size import FIRST
        from seviz.passes.logits import logits_of

        kind = loaded.device.type
        rows = FIRST.get(kind, FIRST["cpu"])
        x = torch.zeros(rows, *loaded.input_size, device=loaded.device)
        for _ in range(TRIES):
            check_asker()
            started = clock(kind)
            with torch.inference_mode():
                logits_of(loaded.model, x, loaded.title)
            self.seconds = min(self.seconds, (clock(kind) - started) / rows)


def seconds(loaded: LoadedModel, rows: PassRows, *, most: float | None = None) -> float:
    """Estimate the seconds that rows will take; 0 for few rows.

    most: what may not be passed: an estimate above it is made of another measurement.
    """
    if rows.weight <= SMALL:
        return 0.0
    known = RowTime.of(loaded)
    if known.seconds == float("inf"):
        known.measure(loaded)
    if most is not None and known.seconds * rows.weight > most:
        known.measure(loaded)
    return known.seconds * rows.weight
