"""A GPU's own memory: it runs out in earnest, as the process is lent only a part of it."""

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import torch
from cuda_sides import near, near_by_norm
from photos import disc

from seviz.attribution.cpu_fallback import CPU_NOTE
from seviz.attribution.maps import attribute
from seviz.attribution.methods import Method, reasons_against
from seviz.attribution.shares import gate_shares
from seviz.errors import UserError
from seviz.passes import dispatch
from seviz.passes.batch_size import BatchSize, BatchSizes
from seviz.passes.forward import retrace, trace
from seviz.photos.read import read_photo
from seviz.records.arms import IDENTITY, INTACT, STATIC
from seviz.records.attribution import Attribution
from seviz.reference.recorded import recorded_for
from seviz.zoo.models import LoadedModel

ARMS = [INTACT, IDENTITY]
TARGET = 4
UPLOADS = 200
BLOCKS = [4**power for power in range(13, 4, -1)]  # bytes, 64 MB to 1 kB


@contextmanager
def lent(size: int) -> Iterator[None]:
    """Let this process have so many bytes of the GPU's memory, in all."""
    torch.cuda.empty_cache()
    whole = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(size / whole)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


@contextmanager
def no_memory() -> Iterator[None]:
    """Let nothing more be had of the GPU's memory."""
    torch.cuda.empty_cache()
    with lent(torch.cuda.memory_reserved()):
        taken = []  # what is free within what is held
        for size in BLOCKS:
            while True:
                try:
                    taken.append(torch.empty(size, dtype=torch.uint8, device="cuda"))
                except torch.OutOfMemoryError:
                    break
        yield
        taken.clear()


def fresh(loaded: LoadedModel) -> LoadedModel:
    """Return a network whose best numbers of rows are not known yet."""
    return replace(loaded, cache={Method: reasons_against(loaded)})


def test_short_memory_halves_the_rows_and_changes_no_map(cuda, large):
    few, whole = fresh(large.there), fresh(large.there)
    BatchSizes.of(few).gradients.halve(8, torch.OutOfMemoryError())  # four rows, for good

    def explain(network: LoadedModel) -> Attribution:
        options = {"target": TARGET, "steps": 32}
        return attribute(network, large.image, ARMS, method="integrated_gradients", **options)

    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    expected = explain(few)
    with lent(int(1.25 * torch.cuda.max_memory_reserved())):
        found = explain(whole)
    assert BatchSizes.of(few).gradients.rows == 4
    assert BatchSizes.of(whole).gradients.rows < BatchSize("cuda").rows
    assert found.note == ""
    near_by_norm(found.maps, expected.maps)


@pytest.mark.parametrize("method", ["integrated_gradients", "gradcam", "occlusion"])
def test_without_memory_for_a_row_work_goes_to_the_cpu_and_says_so(cuda, embedded, method):
    steps = 4 if method == "integrated_gradients" else None
    options = {"target": TARGET, "steps": steps}
    expected = attribute(embedded.here, embedded.image, ARMS, method=method, **options)
    crowded = fresh(embedded.there)
    with no_memory():
        found = attribute(crowded, embedded.image, ARMS, method=method, **options)
    assert (found.note, expected.note) == (CPU_NOTE, "")
    near_by_norm(found.maps, expected.maps)


def test_gate_shares_go_to_the_cpu_too(cuda, embedded):
    s = retrace(embedded.here, embedded.image, ARMS).s
    own, other = ({name: of[arm] for name, of in s.items()} for arm in (0, 1))
    options = {"target": TARGET, "steps": 4}
    expected = gate_shares(
        embedded.here, embedded.image, s=own, reference=other, name="identity", **options
    )
    crowded = fresh(embedded.there)
    with no_memory():
        found = gate_shares(
            crowded, embedded.image, s=own, reference=other, name="identity", **options
        )
    assert found.note == CPU_NOTE
    assert found.total == pytest.approx(expected.total, rel=1e-2)


def test_a_trace_without_memory_gets_a_sentence_and_the_next_one_is_answered(cuda):
    first = dispatch.ask(trace, "embedded", disc(), ARMS)
    with no_memory(), pytest.raises(UserError, match="device's memory does not suffice"):
        dispatch.ask(trace, "embedded", disc(), ARMS)
    near(dispatch.ask(trace, "embedded", disc(), ARMS).logits, first.logits)


def test_uploads_leave_the_memory_as_it_was(cuda):
    arms = [INTACT, STATIC]
    recorded = recorded_for("embedded", arms)

    def upload(number: int) -> None:
        file = io.BytesIO()
        disc().rotate(number).save(file, "JPEG")
        record = dispatch.ask(
            trace, "embedded", read_photo(file.getvalue()), arms, recorded=recorded
        )
        if number % 10 == 0:
            options = {"target": TARGET, "recorded": recorded}
            dispatch.ask(attribute, "embedded", record.image, arms, **options)

    def held() -> int:
        gc.collect()
        return torch.cuda.memory_allocated()

    upload(0)  # what a thread's first products take stays with it
    before = held()
    for number in range(UPLOADS):
        upload(number)
    assert held() == before
