from pathlib import Path

import pytest
import torch
from networks import randn
from safetensors.torch import load_file
from stand_in import stand_in

from seviz.errors import UserError
from seviz.zoo import convert as module
from seviz.zoo.convert import convert


@pytest.fixture
def pickled(tmp_path: Path) -> Path:
    torch.save({"model.weight": randn(2, 3)}, tmp_path / "in.pth")
    return tmp_path / "in.pth"


def test_a_process_of_its_own_writes_the_tensors(pickled: Path, tmp_path: Path):
    assert convert(pickled, tmp_path / "out.safetensors", "model.") == 1
    assert torch.equal(load_file(tmp_path / "out.safetensors")["weight"], randn(2, 3))
    assert {path.name for path in tmp_path.iterdir()} == {"in.pth", "out.safetensors"}


def test_a_reason_is_a_sentence_and_an_old_file_stays(monkeypatch, pickled: Path, tmp_path: Path):
    (tmp_path / "out").write_text("old")
    stand_in(monkeypatch, module, "_outcome", {"reason": "it asks for os.system"})
    with pytest.raises(UserError, match=r"/in\.pth is not converted: it asks for os\.system\.$"):
        convert(pickled, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "old"


def test_a_process_that_ends_early_or_never_gets_a_sentence(
    monkeypatch, pickled: Path, tmp_path: Path
):
    with pytest.raises(UserError, match=r"reading it takes more than 0 s\.$"):
        convert(pickled, tmp_path / "out", seconds=0)
    monkeypatch.setattr("sys.executable", "/bin/true")
    with pytest.raises(UserError, match=r"reading it failed, as it is damaged or too large"):
        convert(pickled, tmp_path / "out")


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("nothing.pth", "out", "nothing.pth is not a file; give the path of a .pth"),
        (".", "out", "is not a file; give the path of a .pth"),
        ("in.pth", ".", "can't be written; name a file in an existing folder"),
        ("in.pth", "no/out", "can't be written; name a file in an existing folder"),
        ("in.pth", "in.pth", "is the file to convert; name another one"),
    ],
)
def test_paths_that_cannot_be_get_a_sentence(
    pickled: Path, tmp_path: Path, source: str, target: str, says: str
):
    with pytest.raises(UserError, match=says):
        convert(tmp_path / source, tmp_path / target)
