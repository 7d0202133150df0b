from pathlib import Path

import pytest
import torch
from made_fold import off
from networks import randn

from seviz.errors import UserError
from seviz.folding import exporting, packages
from seviz.folding.exporting import write_onnx, write_program


class Odd(torch.nn.Module):
    """A network whose calls depend on values, which can't be exported."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean((2, 3)) if x.sum().item() > 0 else x.amax((2, 3))


def test_a_program_of_any_batch_is_written_and_checked(loaded, folded, tmp_path: Path):
    path = tmp_path / "f.pt2"
    assert write_program(folded.model, path, loaded.source) < 1e-5
    program = torch.export.load(path).module()
    x = randn(5, 3, 64, 64, seed=3)
    assert off(program(x).detach(), folded.model(x)) < 1e-5


def test_what_cant_be_exported_gets_one_sentence_and_no_file(loaded, tmp_path: Path):
    with pytest.raises(UserError, match="is not written, as torch can't export") as error:
        write_program(Odd(), tmp_path / "f.pt2", loaded.source)
    assert "\n" not in str(error.value)
    assert not [*tmp_path.iterdir()]


def test_what_says_something_else_is_not_written(loaded, folded, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(exporting, "EXACT", -1.0)
    with pytest.raises(UserError, match="is not written: what it would hold says something else"):
        write_program(folded.model, tmp_path / "f.pt2", loaded.source)
    assert not [*tmp_path.iterdir()]


def test_onnx_of_any_batch_is_written_and_checked(loaded, folded, tmp_path: Path):
    onnxruntime = pytest.importorskip("onnxruntime")
    path = tmp_path / "f.onnx"
    assert write_onnx(folded.model, path, loaded.source) < 1e-4
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    x = randn(5, 3, 64, 64, seed=3)
    (found,) = session.run(["logits"], {"images": x.numpy()})
    assert off(torch.from_numpy(found), folded.model(x)) < 1e-4


def test_what_cant_be_written_as_onnx_gets_one_sentence(loaded, tmp_path: Path):
    pytest.importorskip("onnxruntime")
    with pytest.raises(UserError, match="is not written, as torch can't export") as error:
        write_onnx(Odd(), tmp_path / "f.onnx", loaded.source)
    assert "\n" not in str(error.value)


def test_without_the_extra_onnx_gets_one_sentence(loaded, folded, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'seviz\[onnx\]'"):
        write_onnx(folded.model, tmp_path / "f.onnx", loaded.source)
