"""The device that networks run on: CUDA where there is a GPU, else the CPU; and ZeroGPU."""

import os
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

try:
    from spaces import GPU as _borrow
except ImportError:  # everywhere but on Spaces
    _borrow = None

import torch

F = TypeVar("F", bound=Callable[..., Any])

# With TF32 a GPU's convolutions round float32 to a mantissa of ten bits, and so do its matrix
# products where that is switched on: too coarse for numbers that people compare.
with warnings.catch_warnings():
    # Some versions of torch recommend newer settings, which other versions lack.
    warnings.filterwarnings("ignore", ".*TF32", UserWarning)
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def after_fork(action: Callable[[], object]) -> None:
    """Run an action at the start of every process forked from this one, on systems with fork."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


# A forked process must not wait for its parent's compute threads, which it does not have.
after_fork(lambda: torch.set_num_threads(1))


def device() -> torch.device:
    """Return the device of this process."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_words() -> str:
    """Return what people call the device: a GPU's card, or the CPU."""
    return torch.cuda.get_device_name() if device().type == "cuda" else "CPU"


def clock(kind: str) -> float:
    """Return the time in seconds, once a device (cpu or cuda) has finished all its work.

    CUDA computes asynchronously: without waiting, only the launch of the work would be timed.
    """
    if kind == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def on_gpu(function: F) -> F:
    """Decorate the function that does a process's device work.

    On a ZeroGPU Space the function runs in a forked process that holds a GPU: arguments and results
    are pickled, only Gradio's errors keep their text, and changes of state are lost. Elsewhere the
    function is returned as it is.
    """
    borrowed: F = function if _borrow is None else _borrow(function)
    return borrowed
