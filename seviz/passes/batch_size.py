"""How many rows a device takes at once: measured on the work itself, once per network.

Two cores take four to eight rows of an SE-ResNet-50 in half the time of as many single rows. So the
first passes try sizes, each twice the last, until a row no longer gets cheaper; their results are
used. A GPU cannot be stopped within a pass, so it gets no more rows than keep it busy for a
fraction of a second.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch

from seviz.zoo.device import clock
from seviz.zoo.models import LoadedModel

R = TypeVar("R")

FIRST = {"cpu": 4, "cuda": 32}
MOST = {"cpu": 16, "cuda": 128}
GAIN = 0.97  # a row must become this much cheaper for a size to be worth it
SHORT = (  # what torch says where memory did not suffice, other than by torch.OutOfMemoryError
    "can't allocate memory",  # the CPU's
    "CUDA error: out of memory",  # the driver's, as when it loads a kernel
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "unable to find an engine to execute",  # a convolution that no workspace could be had for
)


class BatchSize:
    """The best number of rows at once for one network on one device, for one kind of pass."""

    def __init__(self, device: str) -> None:
        """Start from the first guess for this kind of device."""
        self._device = device
        self.rows = FIRST.get(device, FIRST["cpu"])
        self._most = MOST.get(device, MOST["cpu"])
        self._best: float | None = None  # seconds a row, at half of `rows`
        self._settled = False

    def parts(
        self, total: int, work: Callable[[int, int], R], together: int = 1
    ) -> Iterator[tuple[int, R]]:
        """Do work(start, stop) on all of `total` rows, part by part; yields (stop, result).

        together: rows that stay in one part where they fit. Where memory is short, parts are
        halved; raises torch.OutOfMemoryError where not even one row fits.
        """
        start = 0
        while start < total:
            size = max(self.rows // together * together, 1 if self.rows < together else together)
            stop = min(start + size, total)
            tried = stop - start == self.rows and not self._settled
            began = clock(self._device) if tried else 0.0  # a settled size needs no timing
            try:
                result = work(start, stop)
            except RuntimeError as error:
                self.halve(stop - start, error)
                continue
            if tried:
                self._try_larger(clock(self._device) - began)
            start = stop
            yield stop, result

    def halve(self, rows: int, error: RuntimeError) -> None:
        """Go on with half of the rows that memory did not suffice for.

        Raises torch.OutOfMemoryError where not even one row fits, and any other error as it is.
        """
        if not out_of_memory(error):
            raise error
        if rows == 1:
            raise torch.OutOfMemoryError(str(error)) from error
        self.rows, self._settled = rows // 2, True

    def _try_larger(self, seconds: float) -> None:
        """Double the rows while that makes a row cheaper; else halve them, for good."""
        a_row = seconds / self.rows
        if self._best is not None and a_row > GAIN * self._best:
            self.rows, self._settled = self.rows // 2, True
        elif self.rows >= self._most:
            self._settled = True
        else:
            self.rows, self._best = 2 * self.rows, a_row


@dataclass(frozen=True)
class BatchSizes:
    """A network's best numbers of rows: with gradients, which keep every layer, and without."""

    gradients: BatchSize
    answers: BatchSize

    @classmethod
    def of(cls, loaded: LoadedModel) -> "BatchSizes":
        """Return those of a network, which are kept as long as it is in memory."""
        sizes: BatchSizes | None = loaded.cache.get(cls)
        if sizes is None:
            kind = loaded.device.type
            sizes = loaded.cache[cls] = cls(BatchSize(kind), BatchSize(kind))
        return sizes


def out_of_memory(error: BaseException) -> bool:
    """Tell whether memory did not suffice, on a GPU or on the CPU."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        message in str(error) for message in SHORT
    )
