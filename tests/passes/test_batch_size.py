from types import SimpleNamespace

import pytest
import torch

from seviz.passes.batch_size import BatchSize, BatchSizes, out_of_memory
from seviz.zoo import device as devices


class Device:
    """Takes `rows` in the seconds that a table says for a row, or has no memory for so many."""

    def __init__(self, monkeypatch, a_row=lambda rows: 1.0, most: int = 10**9) -> None:
        self.now, self.a_row, self.most, self.sizes = 0.0, a_row, most, []
        monkeypatch.setattr(devices, "time", SimpleNamespace(perf_counter=lambda: self.now))
        monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)

    def work(self, start: int, stop: int) -> list[int]:
        rows = stop - start
        if rows > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        self.sizes.append(rows)
        self.now += rows * self.a_row(rows)
        return list(range(start, stop))


def run(learning: BatchSize, device: Device, total: int, group: int = 1) -> list[int]:
    return [row for _, part in learning.batches(total, device.work, group) for row in part]


def test_rows_pass_once_and_in_order(monkeypatch):
    device = Device(monkeypatch)
    assert run(BatchSize("cpu"), device, 37) == list(range(37))


def test_it_goes_on_to_larger_parts_while_a_row_gets_cheaper(monkeypatch):
    device = Device(monkeypatch, lambda rows: {4: 1.0, 8: 0.5, 16: 0.6}[rows])
    learning = BatchSize("cpu")
    run(learning, device, 4 + 8 + 16 + 8 + 8)
    assert device.sizes == [4, 8, 16, 8, 8]
    assert learning.rows == 8


def test_it_stays_where_larger_parts_cost_as_much(monkeypatch):
    device = Device(monkeypatch, lambda rows: 1.0)
    learning = BatchSize("cpu")
    run(learning, device, 40)
    assert (device.sizes[:2], learning.rows) == ([4, 8], 4)


def test_rows_that_belong_together_are_parted_only_where_they_must(monkeypatch):
    device = Device(monkeypatch, lambda rows: 1.0)
    learning = BatchSize("cpu")
    run(learning, device, 12, group=3)
    assert device.sizes == [3, 3, 3, 3]
    small = Device(monkeypatch, most=1)
    assert run(learning, small, 4, group=3) == [0, 1, 2, 3]


def test_without_memory_parts_are_halved_and_the_work_goes_on(monkeypatch):
    device = Device(monkeypatch, most=3)
    learning = BatchSize("cuda")
    assert run(learning, device, 300) == list(range(300))
    assert max(device.sizes) <= 3
    assert learning.rows <= 3


class Queue(Device):
    """A GPU: work only queues what takes time, and who synchronises waits for it."""

    def __init__(self, monkeypatch, a_row) -> None:
        super().__init__(monkeypatch, a_row)
        self.queued, self.waits = 0.0, 0
        monkeypatch.setattr(torch.cuda, "synchronize", self.wait)

    def work(self, start: int, stop: int) -> list[int]:
        now = self.now
        rows = super().work(start, stop)
        self.queued, self.now = self.queued + self.now - now, now + 0.001
        return rows

    def wait(self) -> None:
        self.now, self.queued, self.waits = self.now + self.queued, 0.0, self.waits + 1


@pytest.mark.parametrize(("a_row", "best"), [(lambda rows: 1.0, 32), (lambda rows: 1 / rows, 128)])
def test_a_gpu_is_waited_for_while_its_best_size_is_learnt(monkeypatch, a_row, best):
    device, learning = Queue(monkeypatch, a_row), BatchSize("cuda")
    device.queued = 1000.0  # what others have given it is not this work's
    run(learning, device, 32 + 64 + 128)
    assert learning.rows == best
    waits = device.waits
    run(learning, device, 500)
    assert device.waits == waits  # nothing is left to learn


def test_the_cpu_is_not_waited_for(monkeypatch):
    device = Queue(monkeypatch, lambda rows: 1.0)
    run(BatchSize("cpu"), device, 40)
    assert device.waits == 0


def test_not_even_one_row_is_said_to_be_too_many(monkeypatch):
    device = Device(monkeypatch, most=0)
    with pytest.raises(torch.OutOfMemoryError):
        run(BatchSize("cpu"), device, 4)


def test_other_errors_pass_as_they_are():
    def broken(start: int, stop: int) -> None:
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        list(BatchSize("cpu").batches(2, broken))


@pytest.mark.parametrize(
    "said",
    [
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.",
        "CUDA error: out of memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "GET was unable to find an engine to execute this computation",
    ],
)
def test_that_memory_is_short_is_said_in_many_words(said):
    assert out_of_memory(RuntimeError(said))
    assert not out_of_memory(RuntimeError("CUDA error: an illegal memory access was encountered"))


def test_a_network_keeps_what_was_learnt(small):
    assert BatchSizes.of(small) is BatchSizes.of(small)
    assert BatchSizes.of(small).gradients is not BatchSizes.of(small).forward
