from pathlib import Path

import pytest
import torch

from seviz.measuring import hardware as module
from seviz.measuring.hardware import hardware


def test_a_cpu_is_named_with_its_cores_and_threads(tmp_path: Path, monkeypatch):
    (tmp_path / "cpuinfo").write_text("vendor_id\t: Z\nmodel name\t: Abacus 9: fast\n", "utf-8")
    monkeypatch.setattr(module, "CPU_INFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(module, "cores", lambda: 4)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert hardware() == "Abacus 9: fast, 4 cores, 1 thread"


@pytest.mark.parametrize("file", ["", "vendor_id\t: Z\n"])
def test_a_cpu_without_a_model_name_is_named_by_its_kind(file: str, tmp_path: Path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(file)
    monkeypatch.setattr(module, "CPU_INFO", tmp_path / ("cpuinfo" if file else "none"))
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert hardware().startswith("riscv64, ")


def test_a_gpu_is_named(monkeypatch):
    monkeypatch.setattr(module, "device", lambda: torch.device("cuda"))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Abacus RTX")
    assert hardware() == "Abacus RTX"
