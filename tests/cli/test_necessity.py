import json
import shlex
from pathlib import Path

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
