import torch

from seviz import device
from seviz.device import card, clock


def test_float32_keeps_its_bits_on_a_gpu():
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32


def test_the_cpu_is_named_with_its_threads(monkeypatch):
    monkeypatch.setattr(device.torch, "get_num_threads", lambda: 2)
    assert card() == "CPU, 2 threads"
    monkeypatch.setattr(device.torch, "get_num_threads", lambda: 1)
    assert card() == "CPU, 1 thread"


def test_a_gpu_is_named_as_its_driver_does(monkeypatch):
    monkeypatch.setattr(device, "device", lambda: torch.device("cuda"))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    assert card() == "NVIDIA H100"


def test_the_clock_waits_for_a_gpu_before_it_is_read(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: done.append("waited"))
    monkeypatch.setattr(device.time, "perf_counter", lambda: done.append("read") or 1.0)
    assert clock("cuda") == 1.0
    assert done == ["waited", "read"]
    clock("cpu")
    assert done[2:] == ["read"]
