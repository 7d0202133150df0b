import json
from pathlib import Path

import pytest
from PIL import Image

from seviz.__main__ import main

GATE = ["pictures", "--gate", "SE_2_2[3]", "--seeds", "2", "--steps", "2"]
BLOCK = ["pictures", "--block", "SE_2_1", "--out", "x"]


def test_pictures_are_written_with_a_sheet_and_told(capsys, tmp_path: Path):
    out = tmp_path / "out"
    assert main([*GATE, "--aims", "open", "shut", "--out", str(out)]) == 0
    names = {path.name for path in out.iterdir()}
    kinds = ("open", "shut", "control")
    assert names == {f"{kind}-{seed}.png" for kind in kinds for seed in (1, 2)} | {"sheet.png"}
    with Image.open(out / "open-1.png") as picture:
        assert picture.size == (64, 64)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("The picture that opens SE_2_2[3] furthest has s = ")
    assert sum(line.startswith("What opens the gate") for line in lines) == 2


def test_json_is_the_report_and_the_control_can_be_left_out(capsys, tmp_path: Path):
    command = [*GATE, "--aims", "centre", "--no-control", "--json", "--out", str(tmp_path)]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert [of["aim"] for of in found["pictures"]] == ["centre", "centre"]
    assert found["control"] == []
    assert found["provenance"]["network"]["key"] == "embedded"


def test_a_blocks_sheet_is_written(capsys, tmp_path: Path):
    command = ["pictures", "--block", "SE_2_1", "--steps", "1", "--out", str(tmp_path)]
    assert main(command) == 0
    assert (tmp_path / "SE_2_1.webp").exists()
    assert capsys.readouterr().out.startswith("64 pictures, one for each gate of SE_2_1")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["pictures", "--gate", "SE_2_2[3]"], "--out says where the pictures of a gate go to"),
        ([*BLOCK, "--aims", "shut"], "--aims is about the pictures of --gate GATE; of a --block"),
        ([*BLOCK, "--seeds", "4"], "--seeds is about"),
        ([*BLOCK, "--canvas", "fourier"], "--canvas is about"),
        ([*BLOCK, "--no-control"], "--no-control is about"),
        ([*GATE[:2], "SE_2_2[64]", "--out", "x"], "SE_2_2 has the channels 0 to 63"),
    ],
)
def test_bad_input_is_a_sentence(capsys, tmp_path, monkeypatch, command, says):
    monkeypatch.chdir(tmp_path)
    assert main(command) != 0
    assert says in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
