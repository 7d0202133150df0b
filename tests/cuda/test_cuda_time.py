"""Time on a GPU, which computes while Python goes on: what is measured, and how soon it stops."""

import threading
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pytest
import torch
from cuda_sides import Sides

from seviz.attribution.maps import attribute
from seviz.attribution.shares import gate_shares
from seviz.measuring.measure import ratios_of
from seviz.passes.batch_size import FIRST, BatchSize
from seviz.passes.forward import retrace
from seviz.records.arms import IDENTITY, INTACT
from seviz.watch import Stopped, Watch
from seviz.zoo.device import clock

ARMS = [INTACT, IDENTITY]
CYCLES = 20_000_000  # of the GPU's clock, a hundredth of a second or two
SOON = {"cuda": 0.5, "cpu": 2.0}  # seconds; of a rehearsal, on cores that have other work too
LONG = 1024  # steps, far more than pass until the work is stopped
BEGUN = 3 / LONG  # the share of the work that is done when its first part is


def busy(cycles: int) -> None:
    """Keep the GPU busy for so long; returns at once."""
    torch.cuda._sleep(cycles)


@pytest.fixture
def warm(cuda) -> None:
    """Let the GPU load what keeps it busy: the first time takes longer."""
    busy(1)
    torch.cuda.synchronize()


def test_best_sizes_are_learnt_of_the_work_and_not_of_giving_it(warm):
    learning = BatchSize("cuda")
    first = FIRST["cuda"]  # a row of more rows takes longer, though giving them takes as long
    for _ in learning.batches(8 * first, lambda a, b: busy(CYCLES * (b - a) ** 2 // first**2)):
        pass
    assert learning.rows == first


def test_ratios_are_of_the_work_and_not_of_giving_it(warm):
    assert 1.7 < median(ratios_of(lambda: busy(2 * CYCLES), lambda: busy(CYCLES), 5)) < 2.3


def integrate(sides: Sides, watch: Watch) -> object:
    options = {"target": 4, "steps": LONG, "watch": watch}
    return attribute(sides.there, sides.image, ARMS, method="integrated_gradients", **options)


def add_noise(sides: Sides, watch: Watch) -> object:
    options = {"target": 4, "steps": LONG // 2, "watch": watch}  # drawing all of it takes a second
    return attribute(sides.there, sides.image, ARMS, method="smoothgrad", **options)


def share(sides: Sides, watch: Watch) -> object:
    s = retrace(sides.there, sides.image, ARMS).s
    own, other = ({name: of[arm] for name, of in s.items()} for arm in (0, 1))
    options = {"target": 4, "steps": LONG, "watch": watch}
    return gate_shares(sides.there, sides.image, s=own, reference=other, name="identity", **options)


@pytest.mark.parametrize("work", [integrate, add_noise, share])
def test_stop_is_heard_soon_and_the_device_is_free(there, large, work):
    watch = Watch()
    found: list[object] = []

    def run() -> None:
        try:
            found.append(work(large, watch))
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    _wait(lambda: watch.share > BEGUN or bool(found))
    time.sleep(0.05)  # somewhere within a part
    began = time.perf_counter()
    watch.stop()
    thread.join()
    took = clock(there.type) - began
    watch.close()
    assert [type(one) for one in found] == [Stopped]
    assert took < SOON[there.type], f"{took:.2f} s"
    assert np.isfinite(retrace(large.there, large.image, ARMS).logits).all()


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)
