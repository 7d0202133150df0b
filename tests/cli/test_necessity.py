import json
import shlex
from pathlib import Path

import pytest

from seviz.__main__ import main


def test_an_error_names_the_file_and_a_class_has_three_names(capsys, picture: Path):
    assert main(["necessity", __file__]) == 2
    assert capsys.readouterr().err.startswith(f"seviz: {__file__}: This file is not a picture")
    for target in ("lion", "n02129165"):
        assert main(["necessity", str(picture), "--target", target, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["target"]["label"] == "lion"


def test_a_table_and_json_have_the_same_figures(capsys, picture: Path):
    command = ["necessity", str(picture), "--replace", "identity"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["blocks"]) == 16
    assert found["replaced_by"] == "identity"
    assert found["provenance"]["edits"] == {"intact": "intact", "replaced": "identity"}
    assert found["provenance"]["photographs"][0]["path"] == str(picture)
    assert found["provenance"]["command"] == f"seviz {shlex.join(command)} --json"
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{found['target']['label']}: ")
    assert lines[1].startswith("Change of the logit with a block's gates replaced: each gate at 1")
    assert lines[-1].startswith("garden.png (sha256 ")
    last = lines[-3].split()
    logit = f"{found['blocks'][-1]['alone']['logit']:+.3f}"
    assert [last[0], *(value.rstrip("*") for value in last[1:])] == ["SE_5_3", logit, logit]


def test_the_twin_replaces_no_gates(capsys, picture: Path):
    assert main(["necessity", str(picture), "--replace", "twin"]) == 2
    assert "“twin” is not one rule for all blocks" in capsys.readouterr().err


def test_several_photographs_are_sections_and_a_list_and_bad_ones_are_named(
    capsys, picture: Path, tmp_path: Path
):
    (tmp_path / "10.png").symlink_to(picture)
    (tmp_path / "2.png").write_text("hello")
    (tmp_path / "3.png").symlink_to(picture)
    assert main(["necessity", str(tmp_path), "--json"]) == 2
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert [of["provenance"]["photographs"][0]["path"] for of in found] == [
        f"{tmp_path}/3.png",
        f"{tmp_path}/10.png",
    ]
    assert found[0]["blocks"] == found[1]["blocks"]
    assert told.err.splitlines()[0].startswith(f"seviz: {tmp_path}/2.png: This file is not a pic")
    assert main(["necessity", str(tmp_path / "3.png"), str(picture)]) == 0
    first, second = capsys.readouterr().out.split(f"\n\n{picture}\n")
    assert first.startswith(f"{tmp_path}/3.png\n{found[0]['target']['label']}: ")
    assert "garden.png (sha256 " in second


def test_an_argument_that_suits_no_photograph_is_told_once(capsys, tmp_path: Path, picture: Path):
    (tmp_path / "bad.png").write_text("hello")
    for option, sentence in (
        (["--target", "unicorn"], "There is no class “unicorn”"),
        (["--replace", "SE_4_6=0"], "“SE_4_6=0” is not one rule for all blocks"),
    ):
        command = ["necessity", str(tmp_path / "bad.png"), str(picture), *option]
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"seviz: {sentence}")


def test_several_photographs_are_put_together(capsys, picture: Path, tmp_path: Path):
    (tmp_path / "2.png").write_text("hello")
    (tmp_path / "3.png").symlink_to(picture)
    assert main(["necessity", str(picture), str(tmp_path)]) == 2
    told = capsys.readouterr()
    _, lines = told.out.split("The 2 photographs together: the mean change of the logit")
    rows = [line for line in lines.splitlines() if line.startswith("SE_")]
    assert len(rows) == 16
    first = rows[0].split()
    assert first[1] == first[2].strip("[,")  # both photographs are the same
    assert "2.png: This file is not a picture" in told.err
    assert main(["necessity", str(picture)]) == 0
    assert "together" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Give photographs, or a data set by --data."),
        (["x.png", "--data", "."], "Give photographs, or a data set by --data; each has answers"),
        (["x.png", "--budget", "1"], "--budget is about a data set; give one by --data"),
        (["x.png", "--out", "x.json"], "--out is about a data set; give one by --data"),
        (["x.png", "--labels", "none"], "--labels none is about a data set; give one by --data"),
        (["--data", ".", "--budget", "101"], "--budget is 101; give points of accuracy, 0 to 100."),
        (["--data", ".", "--budget", "nan"], "--budget is nan; give points of accuracy"),
        (["--data", ".", "--out", "x.csv"], "x.csv has to end in .json, which says its kind."),
        (["--data", ".", "--target", "lion"], "--target is of photographs; over --data, each"),
        (["--data", ".", "--replace", "SE_4_6=0"], "“SE_4_6=0” is not one rule for all blocks"),
        (["--data", "./nowhere"], "nowhere"),
    ],
)
def test_what_does_not_go_together_gets_one_sentence(
    capsys, tmp_path: Path, monkeypatch, options: list[str], says: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_text("hello")
    assert main(["necessity", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
