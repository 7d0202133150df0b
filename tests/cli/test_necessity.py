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
