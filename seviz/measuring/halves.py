"""Two halves of a data set: on one something is chosen, on the other it is measured."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from seviz.photos.batch import Batch
from seviz.reference.gathering import Gathering
from seviz.reference.parts import Facts
from seviz.reference.streams import Arrays, hashes

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


class OfHalf:
    """Gathers (`seviz.reference.gathering.Gathering`) over one half, by the images' indices."""

    def __init__(self, gathering: Gathering, *, choosing: bool) -> None:
        """Gather what another one does; choosing: over the half that chooses, else the other."""
        self._gathering, self._choosing = gathering, choosing

    def facts(self) -> Facts:
        """Return what the other one does, and which half."""
        return {**self._gathering.facts(), "half": "choosing" if self._choosing else "measured"}

    def ask(self, batch: Batch) -> Any:
        """Pass the images of the half; None where none of them is."""
        part = self._part(batch)
        return self._gathering.ask(part) if len(part) else None

    def add(self, batch: Batch, found: Any) -> None:
        """Add what was found."""
        if found is not None:
            self._gathering.add(self._part(batch), found)

    def arrays(self) -> Arrays:
        """Return all that was gathered."""
        return self._gathering.arrays()

    def merge(self, arrays: Arrays) -> None:
        """Add what another one has gathered."""
        self._gathering.merge(arrays)

    def _part(self, batch: Batch) -> Batch:
        inside = choosing_half(batch.indices.numpy()) == self._choosing
        some = torch.from_numpy(inside)
        return replace(
            batch,
            x=batch.x[some],
            labels=batch.labels[some],
            indices=batch.indices[some],
            names=[name for name, kept in zip(batch.names, inside, strict=True) if kept],
        )


def choosing_half(indices: Integers) -> Booleans:
    """Tell which images choose: a fixed half, by the images' indices."""
    return np.asarray(hashes(indices) % np.uint64(2) == 0)
