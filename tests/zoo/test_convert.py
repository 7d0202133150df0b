from pathlib import Path

import pytest
import torch
from networks import randn
from safetensors.torch import load_file, save_file
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
    save_file({"old": randn(1)}, tmp_path / "out")
    stand_in(monkeypatch, module, "_outcome", {"reason": "it asks for os.system"})
    with pytest.raises(UserError, match=r"/in\.pth is not converted: it asks for os\.system\.$"):
        convert(pickled, tmp_path / "out")
    assert load_file(tmp_path / "out").keys() == {"old"}


def test_an_older_conversion_is_replaced_and_other_work_is_not(pickled: Path, tmp_path: Path):
    save_file({"old": randn(1)}, tmp_path / "out")
    assert convert(pickled, tmp_path / "out") == 1
    assert load_file(tmp_path / "out").keys() == {"model.weight"}
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8 a photograph")
    with pytest.raises(UserError, match=r"photo\.jpg is there and is no safetensors file; name an"):
        convert(pickled, tmp_path / "photo.jpg")
    assert (tmp_path / "photo.jpg").read_bytes() == b"\xff\xd8 a photograph"


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
