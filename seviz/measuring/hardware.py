"""What figures were measured on, in words."""

import platform
from pathlib import Path

import torch

from seviz.photos.dataset import cores
from seviz.zoo.device import device

CPU_INFO = Path("/proc/cpuinfo")


def hardware() -> str:
    """Name the GPU that networks run on, or the CPU with its cores and torch's threads."""
    if device().type == "cuda":
        return torch.cuda.get_device_name()
    return f"{_cpu()}, {_counted(cores(), 'core')}, {_counted(torch.get_num_threads(), 'thread')}"


def _cpu() -> str:
    """Name the CPU's model as Linux does; elsewhere its kind."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text("utf-8").splitlines():
            name, _, model = line.partition(":")
            if name.strip() == "model name":
                return model.strip()
    return platform.processor() or platform.machine()


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
