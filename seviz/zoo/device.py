"""The device that networks run on: CUDA where there is a GPU, else the CPU; and ZeroGPU."""

import os
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

ZERO_GPU = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
if ZERO_GPU:  # elsewhere the import would only take time
    # For the thread that imports it, the package feigns a GPU in every call of torch, which takes
    # ten times as long. No network is put on a GPU here, so that thread is one that ends at once.
    with ThreadPoolExecutor(1) as _pool:
        _pool.submit(import_module, "spaces").result()


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


class _Process:
    """What this process is: whether another one forked it, and whether ZeroGPU lent it a GPU."""

    forked = False
    has_gpu = not ZERO_GPU

    @classmethod
    def fork(cls) -> None:
        cls.forked = True


after_fork(_Process.fork)


def forked() -> bool:
    """Tell whether another process of the app forked this one."""
    return _Process.forked


def take_gpu() -> None:
    """Let this process, which ZeroGPU forked, use the GPU that it was lent."""
    _Process.has_gpu = True


def device() -> "torch.device":
    """Return the device of this process.

    On ZeroGPU it is the CPU but in a process that was lent a GPU: the package `spaces` only feigns
    one to all others.
    """
    import torch

    _keep_float32()
    usable = _Process.has_gpu and torch.cuda.is_available()
    return torch.device("cuda" if usable else "cpu")


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
