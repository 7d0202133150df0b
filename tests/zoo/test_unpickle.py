import argparse
import json
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from networks import randn
from safetensors.torch import load_file, save_file
from torch import nn

from seviz.zoo import unpickle

WEIGHTS = {"conv.weight": randn(4, 3, 3, 3), "conv.bias": randn(4, seed=1)}


class Hostile:
    """What runs a program when it is unpickled without care."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __reduce__(self):
        return Path.touch, (self.folder / "ran",)


def outcome(source: Path, target: Path, capsys, prefix: str = "") -> dict:
    unpickle.main(str(source), str(target), prefix)
    return json.loads(capsys.readouterr().out)


def lightning() -> dict:
    return {
        "epoch": 3,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": OrderedDict((f"model.{name}", value) for name, value in WEIGHTS.items()),
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [{"state": {0: {"exp_avg": randn(4)}}, "param_groups": [{"lr": 0.1}]}],
        "hyper_parameters": {"args": argparse.Namespace(lr=0.1), "folder": Path("runs")},
    }


def timm_script() -> dict:
    return {
        "epoch": 3,
        "arch": "seresnet18",
        "args": argparse.Namespace(model="seresnet18"),
        "metric": np.float64(71.2),
        "state_dict": OrderedDict(WEIGHTS),
        "state_dict_ema": {name: value / 2 for name, value in WEIGHTS.items()},
        "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": []},
    }


@pytest.mark.parametrize("old", [False, True])
def test_the_weights_of_torch_save_become_safetensors(tmp_path: Path, capsys, old: bool):
    torch.save(
        {name: nn.Parameter(value) for name, value in WEIGHTS.items()},
        tmp_path / "in.pth",
        _use_new_zipfile_serialization=not old,
    )
    assert outcome(tmp_path / "in.pth", tmp_path / "out", capsys) == {"tensors": 2}
    written = load_file(tmp_path / "out")
    assert written.keys() == WEIGHTS.keys()
    assert all(torch.equal(written[name], value) for name, value in WEIGHTS.items())


def test_tensors_that_share_memory_or_lie_transposed_are_written(tmp_path: Path, capsys):
    tied = randn(5, 4)
    torch.save({"a": tied, "b": tied, "c": tied.t(), "half": tied.half()}, tmp_path / "in.pth")
    assert outcome(tmp_path / "in.pth", tmp_path / "out", capsys) == {"tensors": 4}
    written = load_file(tmp_path / "out")
    assert torch.equal(written["c"], tied.t())
    assert written["half"].dtype == torch.float16


@pytest.mark.parametrize(
    ("saved", "prefix", "names"),
    [
        (
            lightning,
            "",
            {
                "state_dict.model.conv.weight",
                "state_dict.model.conv.bias",
                "callbacks.ModelCheckpoint{'monitor': None}.best_model_score",
            },
        ),
        (lightning, "state_dict.model.", {*WEIGHTS}),
        (
            timm_script,
            "",
            {f"{of}.{name}" for of in ("state_dict", "state_dict_ema") for name in WEIGHTS},
        ),
        (timm_script, "state_dict_ema.", {*WEIGHTS}),
    ],
)
def test_checkpoints_of_training_scripts_are_read(
    tmp_path: Path, capsys, saved, prefix: str, names: set[str]
):
    torch.save(saved(), tmp_path / "in.ckpt")
    found = outcome(tmp_path / "in.ckpt", tmp_path / "out", capsys, prefix)
    assert found == {"tensors": len(names)}
    written = load_file(tmp_path / "out")
    assert written.keys() == names
    if prefix == "state_dict_ema.":
        assert torch.equal(written["conv.bias"], WEIGHTS["conv.bias"] / 2)


def test_tensors_of_one_prefix_are_taken_from_safetensors_too(tmp_path: Path, capsys):
    save_file({f"ema.{name}": value for name, value in WEIGHTS.items()}, tmp_path / "in")
    assert outcome(tmp_path / "in", tmp_path / "out", capsys, "ema.") == {"tensors": 2}
    assert load_file(tmp_path / "out").keys() == WEIGHTS.keys()


@pytest.mark.parametrize("old", [False, True])
def test_what_would_run_a_program_is_named_and_not_run(tmp_path: Path, capsys, old: bool):
    hostile = {**WEIGHTS, "x": Hostile(tmp_path)}
    torch.save(hostile, tmp_path / "in.pth", _use_new_zipfile_serialization=not old)
    found = outcome(tmp_path / "in.pth", tmp_path / "out", capsys)
    assert found["reason"].startswith("it asks for ")
    assert found["reason"].endswith("torch.save(model.state_dict(), FILE)")
    assert not (tmp_path / "ran").exists() and not (tmp_path / "out").exists()


def test_a_whole_module_is_named(tmp_path: Path, capsys):
    torch.save(nn.Linear(2, 2), tmp_path / "in.pth")
    reason = outcome(tmp_path / "in.pth", tmp_path / "out", capsys)["reason"]
    assert reason.startswith("it asks for torch.nn.modules.linear.Linear, and is not read; save")


def packed(path: Path) -> None:
    torch.save({"a": torch.zeros(10_000)}, path)
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, each in content.items():
            new.writestr(name, each)


def huge(path: Path) -> None:
    torch.save({"a": torch.zeros(1).expand(2**40)}, path)


def script(path: Path) -> None:
    torch.jit.save(torch.jit.trace(nn.Linear(2, 2), torch.zeros(2)), path)


def archive_of_numpy(path: Path) -> None:
    with path.open("wb") as stream:
        np.savez(stream, a=np.zeros(3))


WRONG = {
    "cut": lambda path: path.write_bytes(b"PK\x03\x04"),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("weights"),
    "plain pickle": lambda path: path.write_bytes(pickle.dumps({"a": [1, 2]})),
    "no names": lambda path: torch.save([randn(2)], path),
    "number": lambda path: torch.save(3, path),
    "compressed": packed,
    "larger than its file": huge,
    "another protocol": lambda path: torch.save(WEIGHTS, path, pickle_protocol=4),
    "TorchScript": script,
    "npz": archive_of_numpy,
    "objects": lambda path: torch.save({**WEIGHTS, "x": np.array([{}])}, path),
    "numpy names": lambda path: torch.save({np.str_("a"): randn(1), **WEIGHTS}, path),
    "one name twice": lambda path: torch.save(
        {"a": {"b.c": randn(1)}, "a.b": {"c": randn(1)}}, path
    ),
    "sparse": lambda path: torch.save({"a": torch.eye(3).to_sparse()}, path),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.filterwarnings("ignore:Validating sparse", "ignore:Sparse invariant checks")
@pytest.mark.filterwarnings("ignore:.torch.jit", "ignore:Detected")
def test_what_holds_no_weights_gets_a_reason(tmp_path: Path, capsys, kind: str):
    WRONG[kind](tmp_path / "in.pth")
    found = outcome(tmp_path / "in.pth", tmp_path / "out", capsys)
    says = {
        "compressed": "it is compressed, which torch.save never does",
        "larger than its file": "its tensors are larger than the file; save the weights alone",
        "plain pickle": "it is a pickle of protocol 4 or later, and is not read; save the weights",
        "another protocol": "it is a pickle of protocol 4 or later, and is not read; save the wei",
        "TorchScript": "it is a TorchScript archive, which holds a program; save the weights alone",
        "npz": "it is a zip, but not of torch.save; save the weights alone",
        "objects": "it holds a numpy array of objects, and is not read; save the weights alone",
        "numpy names": "names in it are numpy values, not texts; save the weights alone",
        "one name twice": "it holds two tensors that are named 'a.b.c'; save the weights alone",
        "sparse": "'a' is sparse, quantized or without values",
    }
    assert found["reason"].startswith(says.get(kind, ("it is damaged, or not", "it holds no ten")))
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_the_reason(tmp_path: Path, capsys):
    torch.save(WEIGHTS, tmp_path / "a.pth")
    reason = outcome(tmp_path / "a.pth", Path("/dev/full"), capsys)["reason"]
    assert reason == "No space left on device"


PLAIN = {
    "bool": np.bool_(True),
    "half": np.float16(1),
    "byte": np.uint8(1),
    "text": np.str_("a"),
    "time": np.datetime64("2026-01-01"),
    "complex": np.complex64(1),
    "array": np.arange(3.0),
    "big-endian": np.arange(3, dtype=">i2"),
    "texts": np.array(["cat", "dog"]),
    "table": np.zeros(2, dtype=[("epoch", "i4"), ("loss", "f4")]),
    "state": ("MT19937", np.arange(624, dtype=np.uint32), 624, 0, 0.0),
}


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("kind", PLAIN)
def test_plain_values_of_numpy_are_passed_over(tmp_path: Path, capsys, kind: str, old: bool):
    saved = {"state_dict": WEIGHTS, "x": PLAIN[kind]}
    torch.save(saved, tmp_path / "in.pth", _use_new_zipfile_serialization=not old)
    assert outcome(tmp_path / "in.pth", tmp_path / "out", capsys) == {"tensors": 2}
    assert load_file(tmp_path / "out").keys() == {f"state_dict.{name}" for name in WEIGHTS}


@pytest.mark.parametrize("size", [10, 1000, 5_000, 20_000, 66_000, 100_000])
@pytest.mark.parametrize("old", [False, True])
def test_a_cut_download_is_damaged(tmp_path: Path, capsys, size: int, old: bool):
    path = tmp_path / "in.pth"
    weights = {str(i): randn(500) for i in range(60)}
    torch.save(weights, path, _use_new_zipfile_serialization=not old)
    assert path.stat().st_size > size
    path.write_bytes(path.read_bytes()[:size])
    reason = outcome(path, tmp_path / "out", capsys)["reason"]
    assert reason.startswith("it is damaged, or not of torch.save; save the weights alone")


def test_a_prefix_of_no_tensor_is_told_with_those_that_there_are(tmp_path: Path, capsys):
    torch.save({name: {"a": randn(1)} for name in ("ema", "model")}, tmp_path / "in.pth")
    reason = outcome(tmp_path / "in.pth", tmp_path / "out", capsys, "nope.")["reason"]
    assert reason == "no name of its tensors starts with “nope.”; they do with “ema.” and “model.”"
    torch.save({name: {"a": randn(1)} for name in "abcd"}, tmp_path / "in.pth")
    reason = outcome(tmp_path / "in.pth", tmp_path / "out", capsys, "nope.")["reason"]
    assert reason.endswith("they do with “a.”, “b.” and “c.” and others")
    torch.save({"bare": randn(1)}, tmp_path / "in.pth")
    reason = outcome(tmp_path / "in.pth", tmp_path / "out", capsys, "nope.")["reason"]
    assert reason.endswith("they do with “bare”")
