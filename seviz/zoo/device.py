"""The device that networks run on: CUDA where there is a GPU, else the CPU; and ZeroGPU."""

import os
import sys
import time
import warnings
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import torch

F = TypeVar("F", bound=Callable[..., Any])

ZERO_GPU = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
if ZERO_GPU:  # elsewhere its import would only take time
    from spaces import GPU as _borrow


def after_fork(action: Callable[[], object]) -> None:
    """Run an action at the start of every process forked from this one, on systems with fork."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


def _compute_alone() -> None:
    """Let a forked process not wait for its parent's compute threads, which it does not have."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


after_fork(_compute_alone)


@cache
def _keep_float32() -> None:
    """Switch TF32 off, with which a GPU rounds float32 to a mantissa of ten bits.

    That is too coarse for numbers that people compare: of convolutions, and of matrix products
    where it is switched on for them.
    """
    import torch

    with warnings.catch_warnings():
        # Some versions of torch recommend newer settings, which other versions lack.
        warnings.filterwarnings("ignore", ".*TF32", UserWarning)
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False


def device() -> "torch.device":
    """Return the device of this process."""
    import torch

    _keep_float32()
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_words() -> str:
    """Return what people call the device: a GPU's card, or the CPU."""
    if device().type != "cuda":
        return "CPU"
    import torch

    return torch.cuda.get_device_name()


def clock(kind: str) -> float:
    """Return the time in seconds, once a device (cpu or cuda) has finished all its work.

    CUDA computes asynchronously: without waiting, only the launch of the work would be timed.
    """
    if kind == "cuda":
        import torch

        torch.cuda.synchronize()
    return time.perf_counter()


def on_gpu(function: F) -> F:
    """Decorate the function that does a process's device work.

    On a ZeroGPU Space the function runs in a forked process that holds a GPU: arguments and results
    are pickled, only Gradio's errors keep their text, and changes of state are lost. Elsewhere the
    function is returned as it is.
    """
    borrowed: F = _borrow(function) if ZERO_GPU else function
    return borrowed
