import json
from pathlib import Path

import pytest

from seviz.__main__ import main


def test_the_table_has_the_channels_in_which_classes_differ_most(capsys, picture: Path):
    command = ["classes", "--block", "SE_2_1", "--classes", "lion", "tabby cat"]
    command += ["--photo", str(picture), "--top", "3"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [c["label"] for c in found["classes"]] == ["lion", "tabby cat"]
    assert found["provenance"]["data"] == found["data"]
    assert main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == found["summary"]
    assert lines[2].endswith("by the difference between the classes")
    assert lines[3].split()[0] == "channel"
    first = found["order"][0]
    mean, std, photo = (
        f"{v[first]:.3f}"
        for v in (found["classes"][0]["mean"], found["classes"][0]["std"], found["photo"])
    )
    assert lines[4].split()[:4] == [f"SE_2_1[{first}]", mean, "±", std]
    assert lines[4].split()[-1] == photo
    assert lines[7] == ""
    assert lines[-1].startswith("garden.png (sha256 ")


def test_by_depth_prints_a_line_for_each_block(capsys):
    assert main(["classes", "--by-depth"]) == 0
    lines = capsys.readouterr().out.splitlines()
    by_name = {line.split()[0]: line for line in lines if line.startswith("SE_")}
    assert len(by_name) == 16
    assert "0.109" in by_name["SE_2_1"]
    assert "0.343" in by_name["SE_4_6"]
    assert "0.086" in by_name["SE_5_1"]
    assert main(["classes", "--by-depth", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["blocks"][12]["block"] == "SE_4_6"


@pytest.mark.parametrize("arguments", [["--block", "SE_2_1", "--sort", "mean"], ["--by-depth"]])
@pytest.mark.parametrize("kind", ["html", "svg"])
def test_a_figure_is_a_file_of_its_own(capsys, tmp_path: Path, arguments: list[str], kind: str):
    path = tmp_path / f"figure.{kind}"
    assert main(["classes", *arguments, "--out", str(path)]) == 0
    text = path.read_text("utf-8")
    assert text.startswith("<svg" if kind == "svg" else "<!doctype html>")
    assert f"the figure is in {path}" in capsys.readouterr().err
    assert ("Plotly.newPlot" in text) is (kind == "html")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "figure.png"], "figure.png is neither HTML nor SVG"),
        (["--top", "0"], "--top is 0; give a number of channels"),
        (["--by-depth", "--classes", "lion"], "--by-depth is about all blocks and classes"),
        (["--classes", "lionn"], "did you mean “lion”?"),
    ],
)
def test_a_bad_question_gets_one_sentence(capsys, arguments: list[str], says: str):
    assert main(["classes", *arguments]) == 2
    assert says in capsys.readouterr().err
