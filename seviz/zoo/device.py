"""The device that networks run on: CUDA where there is a GPU, else the CPU; and ZeroGPU."""

import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import torch

ZERO_GPU = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
if ZERO_GPU:  # elsewhere the import would only take time
    # For the thread that imports it, the package feigns a GPU in every call of torch, which takes
    # ten times as long. No network is put on a GPU here, so that thread is one that ends at once.
    with ThreadPoolExecutor(1) as _pool:
        _pool.submit(import_module, "spaces").result()

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


def device() -> torch.device:
    """Return the device of this process.

    On ZeroGPU it is the CPU but in a process that was lent a GPU: the package `spaces` only feigns
    one to all others.
    """
    usable = _Process.has_gpu and torch.cuda.is_available()
    return torch.device("cuda" if usable else "cpu")


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
