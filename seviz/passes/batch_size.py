"""The best batch size for each network: measured on the work itself, as rows pass.

Two CPU cores pass a batch of four to eight rows through an SE-ResNet-50 in half the time of as many
single rows. So the first batches double in size until the time per row no longer falls; they are
real work, whose results are used. MOST keeps a pass within a fraction of a second on a GPU, where
it cannot be stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch

from seviz.zoo.device import clock
from seviz.zoo.models import LoadedModel

R = TypeVar("R")

FIRST = {"cpu": 4, "cuda": 32}  # rows in the first batch, by type of device
MOST = {"cpu": 16, "cuda": 128}  # rows in the largest batch that is tried
GAIN = 0.97  # a doubled batch is kept where the time per row falls at least by this factor
OUT_OF_MEMORY = (  # in the messages of RuntimeErrors that are no torch.OutOfMemoryError
    "can't allocate memory",  # on the CPU
    "CUDA error: out of memory",  # from the driver, as when it loads a kernel
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "unable to find an engine to execute",  # from cuDNN, without a workspace for a convolution
)


class BatchSize:
    """The best batch size, in rows, for one network on one device and one kind of pass."""

    def __init__(self, device: str) -> None:
        """Start from FIRST; device: its type, such as cpu."""
        self._device = device
        self.rows = FIRST.get(device, FIRST["cpu"])
        self._most = MOST.get(device, MOST["cpu"])
        self._best: float | None = None  # seconds per row in batches of half of `rows`
        self._settled = False  # True: no larger batch is tried any more

    def batches(
        self, total: int, work: Callable[[int, int], R], group: int = 1
    ) -> Iterator[tuple[int, R]]:
        """Call work(start, stop) on all of `total` rows in batches; yields (stop, result).

        group: batches hold whole groups of so many rows, or single rows where no group fits. Where
        memory does not suffice, the batch is halved; raises torch.OutOfMemoryError where not even
        one row fits.
        """
        start = 0
        while start < total:
            size = self.rows // group * group or 1
            stop = min(start + size, total)
            timed = stop - start == self.rows and not self._settled
            started = clock(self._device) if timed else 0.0  # waits for a GPU, so only if needed
            try:
                result = work(start, stop)
            except RuntimeError as error:
                self.halve(stop - start, error)
                continue
            if timed:
                self._try_larger(clock(self._device) - started)
            start = stop
            yield stop, result

    def halve(self, rows: int, error: RuntimeError) -> None:
        """Halve the batch size after memory did not suffice for a batch of `rows`.

        Raises torch.OutOfMemoryError where `rows` is 1, and `error` itself where it has another
        cause than memory.
        """
        if not out_of_memory(error):
            raise error
        if rows == 1:
            raise torch.OutOfMemoryError(str(error)) from error
        self.rows, self._settled = rows // 2, True

    def _try_larger(self, seconds: float) -> None:
        """Double the batch size if the time per row fell; else go back to the last one for good.

        seconds: the time of a batch of `rows`.
        """
        per_row = seconds / self.rows
        if self._best is not None and per_row > GAIN * self._best:
            self.rows, self._settled = self.rows // 2, True
        elif self.rows >= self._most:
            self._settled = True
        else:
            self.rows, self._best = 2 * self.rows, per_row


@dataclass(frozen=True)
class BatchSizes:
    """A network's batch sizes for passes with and without gradients.

    They differ because gradients keep the activations of every layer in memory.
    """

    gradients: BatchSize
    forward: BatchSize

    @classmethod
    def of(cls, loaded: LoadedModel) -> "BatchSizes":
        """Return a network's batch sizes, which its cache keeps."""
        sizes: BatchSizes | None = loaded.cache.get(cls)
        if sizes is None:
            device = loaded.device.type
            sizes = loaded.cache[cls] = cls(BatchSize(device), BatchSize(device))
        return sizes


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory did not suffice, on a GPU or on the CPU."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        message in str(error) for message in OUT_OF_MEMORY
    )
