import subprocess
import zipfile
from pathlib import Path

import pytest
from made_gpu import BOXES, CLASSES, numbered

from seviz.errors import UserError
from seviz.gpu.cut import ImageSet, write
from seviz.gpu.parcel import main, receive, transfer_bytes
from seviz.photos.dataset import LabelledImages
from seviz.photos.stored import read_stored


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return numbered(tmp_path_factory.mktemp("data"))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch) -> Path:
    """Be in a working tree of 1,003 bytes that travel, and some that don't."""
    root = tmp_path / "tree"
    (root / "kept").mkdir(parents=True)
    (root / "code.py").write_bytes(b"x" * 1000)
    (root / ".gitignore").write_bytes(b"/k\n")
    (root / "k").write_bytes(b"y" * 500)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "code.py"], cwd=root, check=True)
    monkeypatch.chdir(root)
    return root


def test_parts_that_arrive_one_by_one_are_the_data_in_the_end(data: Path, tmp_path: Path):
    carried, there = tmp_path / "carried", tmp_path / "there"
    for part in ImageSet(data).cut(3):
        folder = carried / str(part.number)
        folder.mkdir(parents=True)
        write([part], folder)
        arrived = receive(carried, there)
        assert not list(folder.iterdir())
    assert [path.name for path in arrived] == [
        "boxes.tsv",
        *(f"train-{i}-of-3.zip" for i in (1, 2, 3)),
        "val.zip",
    ]
    for split in ("train", "val"):
        found, given = LabelledImages(there, split), LabelledImages(data, split)
        assert found.classes == given.classes == CLASSES
        assert [label for _, label in found.samples] == [label for _, label in given.samples]
        assert [read_stored(m) for m, _ in found.samples] == [
            read_stored(m) for m, _ in given.samples
        ]
    rows = (there / "boxes.tsv").read_text().splitlines()
    assert rows == [BOXES.splitlines()[0], "val\tn02\t1\t1\t1\t5\t5"]


def test_parts_of_another_cut_are_refused(data: Path, tmp_path: Path):
    carried, there = tmp_path / "carried", tmp_path / "there"
    for of in (2, 3):
        (carried / str(of)).mkdir(parents=True)
        write([ImageSet(data).cut(of)[1]], carried / str(of))
        if of == 2:
            receive(carried, there)
    with pytest.raises(UserError, match="cuts into 2 and 3"):
        receive(carried, there)


def test_what_travels_is_what_git_does_not_ignore_and_is_there(tree: Path):
    assert transfer_bytes(tree) == 1003
    assert transfer_bytes(tree, [Path("k")]) == 1503
    assert transfer_bytes(tree, without=[Path("code.py")]) == 3
    (tree / "code.py").unlink()
    assert transfer_bytes(tree) == 3


def test_the_command_lists_writes_and_receives(data: Path, tree: Path, tmp_path: Path, capsys):
    given = ("--data", str(data), "--of", "3")
    (tree / ".gitignore").write_text("/carried/\n")
    assert main([*given, "--list"]) == 0
    assert "part 3 of 3" in capsys.readouterr().out
    assert main([*given, "--part", "3"]) == 0
    assert main([*given, "--part", "3", "2", "--call", "2"]) == 0
    assert main([*given, "--part", "1"]) == 0  # in place of part 3
    carried = tree / "carried"
    assert {str(path.relative_to(carried)) for path in carried.rglob("*.*")} == {
        *("1/boxes.tsv", "1/train-1-of-3.zip", "1/val.zip"),
        *("2/train-2-of-3.zip", "2/train-3-of-3.zip"),
    }
    with zipfile.ZipFile(carried / "1" / "val.zip") as archive:
        assert len(archive.namelist()) == 6
    assert main(["--receive", str(tmp_path / "there")]) == 0
    assert len(list((tmp_path / "there").iterdir())) == 5
    assert not list(carried.rglob("*.*"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--list"], "--data DIR"),
        (["--data", "DATA", "--of", "0", "--list"], "--of is 0"),
        (["--data", "DATA", "--of", "2", "--part", "3"], "no part 3"),
        (["--data", "DATA", "--of", "1", "--part", "1", "--limit", "2.1"], "The parts take"),
    ],
)
def test_what_can_t_be_cut_gets_one_sentence(options, says, data: Path, tree: Path, capsys):
    assert main([str(data) if word == "DATA" else word for word in options]) == 2
    assert says in capsys.readouterr().err
