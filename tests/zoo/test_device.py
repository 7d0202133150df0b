from types import SimpleNamespace

import torch

from seviz.zoo import device
from seviz.zoo.device import clock, device_words


def test_float32_keeps_its_bits_on_a_gpu():
    device.device()
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32


def test_the_clock_waits_for_a_gpu_before_it_is_read(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: done.append("waited"))
    read = SimpleNamespace(perf_counter=lambda: done.append("read") or 1.0)
    monkeypatch.setattr(device, "time", read)
    assert clock("cuda") == 1.0
    assert done == ["waited", "read"]
    clock("cpu")
    assert done[2:] == ["read"]


def test_a_gpu_is_called_by_its_card_and_the_cpu_by_its_kind(monkeypatch):
    assert device_words() == "CPU"
    monkeypatch.setattr(device, "device", lambda: torch.device("cuda"))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    assert device_words() == "NVIDIA H100"
