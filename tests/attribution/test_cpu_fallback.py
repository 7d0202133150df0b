from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch

from seviz.attribution import cpu_fallback
from seviz.attribution.cpu_fallback import CPU_NOTE, fall_back_to_cpu, on_gpu
from seviz.errors import UserError

GPU, CPU = (SimpleNamespace(device=torch.device(kind)) for kind in ("meta", "cpu"))
SHORT = torch.OutOfMemoryError("CUDA out of memory")


@dataclass(frozen=True)
class Found:
    where: str
    text: str
    note: str = ""


@pytest.fixture
def short(monkeypatch) -> set[str]:
    """Return the kinds of devices whose memory does not suffice, none yet."""
    monkeypatch.setattr(cpu_fallback, "on_cpu", lambda loaded: CPU)
    return set()


def work(short: set[str], error: Exception = SHORT):
    @fall_back_to_cpu
    def found(loaded, text: str, *, many: bool = False):
        """Say where it was done."""
        if loaded.device.type in short:
            raise error
        one = Found(loaded.device.type, text)
        return [one, one] if many else one

    return found


def test_work_stays_where_the_memory_suffices(short: set[str]):
    assert work(short)(GPU, "a") == Found("meta", "a")
    assert work(short)(GPU, "a", many=True) == [Found("meta", "a")] * 2
    assert (work(short).__name__, work(short).__doc__) == ("found", "Say where it was done.")


def test_work_goes_to_the_cpu_and_its_records_say_so(short: set[str]):
    short.add("meta")
    assert work(short)(GPU, "a") == Found("cpu", "a", CPU_NOTE)
    assert work(short)(GPU, "a", many=True) == [Found("cpu", "a", CPU_NOTE)] * 2


def test_without_memory_anywhere_there_is_a_sentence(short: set[str]):
    short |= {"meta", "cpu"}
    for loaded in (GPU, CPU):
        with pytest.raises(UserError, match="The memory does not suffice for this"):
            work(short)(loaded, "a")


def test_other_errors_stay_as_they_are(short: set[str]):
    for kinds in ({"meta"}, {"cpu"}):
        with pytest.raises(RuntimeError, match="shapes differ"):
            work(kinds, RuntimeError("shapes differ"))(GPU if kinds == {"meta"} else CPU, "a")


def test_all_but_the_cpu_is_elsewhere():
    assert on_gpu(GPU)
    assert not on_gpu(CPU)
