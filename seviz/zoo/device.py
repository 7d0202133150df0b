"""Where networks run: CUDA where there is a GPU, else the CPU; on ZeroGPU, borrowed processes."""

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

# A GPU's convolutions would keep ten bits of float32 (TF32), and its matrix products too where
# somebody allowed it: people read these numbers.
with warnings.catch_warnings():
    # Some versions of torch recommend settings here that others lack; these all of them have.
    warnings.filterwarnings("ignore", ".*TF32", UserWarning)
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def in_forks(action: Callable[[], object]) -> None:
    """Do something first in every process that is forked from this one, where there are forks."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


# A forked process must not wait for the threads that computed in its parent: they are not in it.
in_forks(lambda: torch.set_num_threads(1))


def device() -> torch.device:
    """Choose the device of this process."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def clock(kind: str) -> float:
    """Read the clock, in seconds, once a device of a kind (cpu, cuda) has done all it was given.

    CUDA computes while Python goes on: without waiting, what is timed is how long giving takes.
    """
    if kind == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def on_gpu(function: F) -> F:
    """Decorate the function that does a process's device work.

    On a ZeroGPU Space it then runs in a forked process that holds a GPU: arguments and results are
    pickled, of its errors only Gradio's keep their text, and what it changes stays there. Elsewhere
    it is the function itself.
    """
    borrowed: F = function if _borrow is None else _borrow(function)
    return borrowed
