"""Names the hardware that figures were measured on."""

import platform
from pathlib import Path

import torch

from seviz.photos.dataset import cores
from seviz.zoo.device import device

CPU_INFO = Path("/proc/cpuinfo")


def hardware() -> str:
    """Return the name of the GPU in use, or of the CPU with its cores and torch's threads."""
    if device().type == "cuda":
        return torch.cuda.get_device_name()
    threads = _count_words(torch.get_num_threads(), "thread")
    return f"{_cpu_name()}, {_count_words(cores(), 'core')}, {threads}"


def _cpu_name() -> str:
    """Return the CPU's model as Linux names it; on other systems its architecture."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text("utf-8").splitlines():
            name, _, model = line.partition(":")
            if name.strip() == "model name":
                return model.strip()
    return platform.processor() or platform.machine()


def _count_words(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
