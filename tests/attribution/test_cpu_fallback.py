from types import SimpleNamespace

import pytest
import torch

from seviz.attribution import cpu_fallback as module
from seviz.attribution.cpu_fallback import MOVED, on_gpu, or_on_cpu
from seviz.errors import UserError

CPU, GPU = (SimpleNamespace(device=torch.device(kind)) for kind in ("cpu", "cuda"))
SHORT = torch.OutOfMemoryError("CUDA out of memory")


@pytest.fixture(autouse=True)
def copies(monkeypatch) -> None:
    """Let the copy on the CPU of any network be `CPU`."""
    monkeypatch.setattr(module, "on_cpu", lambda loaded: CPU)


def test_work_that_fits_is_done_once_and_says_nothing():
    asked = []
    assert or_on_cpu(GPU, lambda loaded: asked.append(loaded) or 7) == (7, "")
    assert asked == [GPU]


def test_work_that_does_not_fit_is_done_on_the_cpu_and_says_so():
    def work(loaded):
        if loaded is GPU:
            raise SHORT
        return loaded

    assert or_on_cpu(GPU, work) == (CPU, MOVED)


@pytest.mark.parametrize("loaded", [CPU, GPU])
def test_where_the_cpu_is_short_too_it_is_said(loaded):
    asked = []

    def work(on):
        asked.append(on)
        raise SHORT

    with pytest.raises(UserError, match="memory does not suffice for this; take a smaller network"):
        or_on_cpu(loaded, work)
    assert asked == ([GPU, CPU] if loaded is GPU else [CPU])  # never the same twice


def test_another_error_is_not_taken_for_short_memory():
    def broken(loaded):
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes do not fit"):
        or_on_cpu(GPU, broken)

    def short_then_broken(loaded):
        raise SHORT if loaded is GPU else RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes do not fit"):
        or_on_cpu(GPU, short_then_broken)


def test_all_but_the_cpu_is_elsewhere():
    assert on_gpu(GPU)
    assert not on_gpu(CPU)
