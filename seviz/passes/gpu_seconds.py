"""How long a task will hold a GPU that is lent by the second, and how long the CPU would take.

ZeroGPU compares the seconds that a call asks for with what its visitor has left, serves shorter
calls first, and ends those that take longer. So a call asks for what its rows need.
"""

from collections.abc import Callable
from math import ceil
from typing import Any, TypeVar

from seviz.limits import CPU_WORK, GPU_SECONDS
from seviz.zoo.models import LoadedModel
from seviz.zoo.sources import Source

T = TypeVar("T", bound=Callable[..., Any])
Rows = Callable[..., int]  # called as its task: how many rows will pass, at most about

ON_CPU = 0  # rows of a task that the CPU has done before a GPU's process has started
FEW = 8  # rows of a task that counts none

# Of a network with 10¹² parameters · pixels (an SE-ResNet-50 at 224 px has 1.4): seconds a row.
# One core took 0.4 (MobileNetV3) to 2.0 (RegNetY), and 0.8 with an SE-ResNet-50.
ONE_CORE = 1.0
# Not measured: no GPU of ZeroGPU was at hand. An H200's float32 would need a tenth of GPU.
GPU = 0.005
GPU_PASS = 0.003  # to launch the kernels of one row, where none of its batch shares the time
GPU_START = 5.0  # until a new process has CUDA and the weights

_ROWS: dict[Callable[..., Any], Rows] = {}


def counts(rows: Rows) -> Callable[[T], T]:
    """Decorate a task with the count of its rows, which takes the task's own arguments."""

    def register(task: T) -> T:
        _ROWS[task] = rows
        return task

    return register


on_cpu = counts(lambda *_, **__: ON_CPU)  # of a task that needs no GPU wherever it is asked


def count_rows(task: Callable[..., Any], loaded: LoadedModel, *args: Any, **kwargs: Any) -> int:
    """Count about how many rows a task will pass through a network, ON_CPU for next to none."""
    return _ROWS[task](loaded, *args, **kwargs) if task in _ROWS else FEW


def work(source: Source) -> float:
    """Return a network's parameters times its pixels, in 10¹²: about its multiply-adds / 3·10⁹."""
    _, height, width = source.input_size
    return source.figures.parameters * height * width / 1e12


def is_small(source: Source) -> bool:
    """Tell whether the CPU answers for a network sooner than a GPU is lent, and for nothing."""
    return 1000 * work(source) <= CPU_WORK.value


def gpu_seconds(source: Source, rows: int) -> int:
    """Return the whole seconds of a GPU to ask for, of which one question may have so many."""
    return min(ceil(gpu_time(source, rows)), GPU_SECONDS.value)


def gpu_time(source: Source, rows: int) -> float:
    """Estimate the seconds of a GPU in which these rows surely pass, its start included."""
    return GPU_START + rows * (GPU * work(source) + GPU_PASS)


def cpu_seconds(source: Source, rows: int) -> float:
    """Estimate the seconds in which one core passes these rows."""
    return rows * work(source) * ONE_CORE
