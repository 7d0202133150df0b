"""What can be gathered over a data set: gates are one, the answers of arms another."""

from collections.abc import Sequence
from typing import Any, Protocol

from seviz.passes.capture import Captures, capture
from seviz.photos.batch import Batch
from seviz.reference.accumulator import Accumulator
from seviz.reference.parts import Facts
from seviz.reference.streams import Arrays
from seviz.zoo.models import LoadedModel


class Gathering(Protocol):
    """What a network does on images, batch by batch, in any order; parts of it merge.

    A batch is asked on the device, and added in another thread while the next one is asked.
    """

    def facts(self) -> Facts:
        """Return what parts have in common beside the network and the data, by people's names."""
        ...

    def ask(self, batch: Batch) -> Any:
        """Pass a batch through the network; returns what `add` takes."""
        ...

    def add(self, batch: Batch, found: Any) -> None:
        """Add what a batch's pass has found."""
        ...

    def arrays(self) -> Arrays:
        """Return all that was gathered, for a file or another process."""
        ...

    def merge(self, arrays: Arrays) -> None:
        """Add what another one's `arrays` returned."""
        ...


class GateStatistics:
    """The statistics of a network's gates, as trained."""

    def __init__(self, loaded: LoadedModel, classes: Sequence[str]) -> None:
        """Start with no images; classes: those of the images, by number."""
        self._loaded, self._classes = loaded, classes
        self.accumulator = self._empty()

    def _empty(self) -> Accumulator:
        sites = self._loaded.probe.sites
        return Accumulator(
            {site.name: site.channels for site in sites},
            self._classes,
            without_z=[site.name for site in sites if not site.squeezed],
        )

    def facts(self) -> Facts:
        """Return nothing: network and data say it all."""
        return {}

    def ask(self, batch: Batch) -> Captures:
        """Capture z and s of a batch."""
        return capture(self._loaded, batch.x)

    def add(self, batch: Batch, found: Captures) -> None:
        """Add the gates of a batch."""
        indices, labels = batch.indices.numpy(), batch.labels.numpy()
        self.accumulator.update(indices, labels, z=found.z, s=found.s, names=batch.names)

    def arrays(self) -> Arrays:
        """Return all that was gathered."""
        return self.accumulator.arrays()

    def merge(self, arrays: Arrays) -> None:
        """Add what another one has gathered."""
        other = self._empty()
        other.restore(arrays)
        self.accumulator.merge(other)
