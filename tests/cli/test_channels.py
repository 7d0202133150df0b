import json
from pathlib import Path

import pytest

from seviz.__main__ import main


def test_lines_and_json_have_the_channels_and_the_gate(capsys, picture: Path):
    command = ["channels", str(picture), "--gate", "SE_2_1[5]", "--top", "2"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["top"]), found["gate"]["channel"]) == (2, 5)
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"What the gates add to the logit of {found['target']['label']}"
    named = [f"{c['site']}[{c['channel']}]" for c in found["top"]]
    assert [line.split()[0] for line in lines[3:5]] == named
    assert lines[-5].startswith("raised by z[")
    places = found["gate"]["places"]
    assert lines[-3].startswith(f"with all z at 0 it would be {places['at_zero']:.4f}; its places ")
    assert sum(map(sum, places["map"])) == pytest.approx(places["linear"], rel=1e-5)
    assert lines[-1].startswith("garden.png (sha256 ")
    assert found["provenance"]["network"]["key"] == "embedded"


def test_an_unknown_class_gets_the_nearest_one(capsys, picture: Path):
    assert main(["channels", str(picture), "--target", "red pandda"]) == 2
    assert "did you mean “red panda”?" in capsys.readouterr().err


def test_an_argument_that_suits_no_photograph_is_told_once(capsys, tmp_path: Path, picture: Path):
    (tmp_path / "bad.png").write_text("hello")
    for option, sentence in (
        (["--topk", "0"], "top is 0; give a number of channels"),
        (["--gate", "SE_2_1[64]"], "“SE_2_1[64]” is not a gate: SE_2_1 has the channels 0 to 63"),
    ):
        assert main(["channels", str(tmp_path / "bad.png"), str(picture), *option]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"seviz: {sentence}")
