import json
from pathlib import Path

import pytest
from folders import class_folders

from seviz.__main__ import main
from seviz.zoo.catalogue import find

KEY = "lab_resnet_se"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("data")
    class_folders(root, find(KEY).folders[:4], train=0, val=4)
    return root


@pytest.fixture
def command(data: Path) -> list[str]:
    return ["channels", "--model", KEY, "--data", str(data), "--loaders", "1"]


def test_curves_and_a_mask_are_printed_and_written(capsys, command, tmp_path: Path):
    mask, out = tmp_path / "mask.json", tmp_path / "curves.csv"
    command += ["--by", "score", "--steps", "2", "--remove", "30%", "--mask", str(mask)]
    assert main([*command, "--out", str(out)]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("Accuracy with a share of each block’s channels, 960 together")
    assert [line.split(" %")[0].strip() for line in lines[3:6]] == ["30.0", "50.0", "100.0"]
    assert f"the channels are in {mask}\n" in said.err
    removed = json.loads(mask.read_text("utf-8"))
    for block in removed["blocks"].values():
        assert len(block["removed"]) == int(0.3 * block["channels"] + 0.5)
    assert removed["provenance"]["network"]["key"] == KEY
    assert out.read_text("utf-8").count("\nscore,") == 3


def test_the_curves_are_a_chart_in_a_file_of_its_own(capsys, command, tmp_path: Path):
    out = tmp_path / "curves.html"
    assert main([*command, "--by", "random", "--steps", "2", "--out", str(out)]) == 0
    assert f"the curves are in {out}\n" in capsys.readouterr().err
    text = out.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    for part in ("<h1>Accuracy with channels removed</h1>", "Plotly.newPlot", KEY):
        assert part in text
    assert "random: mean and range by seed" in text
    assert "The accuracy is of " in text


def test_json_has_each_curve_and_one_block_can_be_meant(capsys, command):
    block = "layer1.0.se"
    assert main([*command, "--by", "random", "--steps", "1", "--json", "--block", block]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(curve["order"], curve["seed"]) for curve in found["curves"]] == [
        ("random", seed) for seed in range(5)
    ]
    assert found["channels"] == found["curves"][0]["points"][0]["removed"]
    assert "ahead" in found["why_null"]


@pytest.mark.usefixtures("no_laboratory_statistics")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--steps", "0"], "--steps is 0; give a number of points, 1 to 100."),
        (["--remove", "30%"], "--mask says where to write and --remove what, such as 30%"),
        (["--remove", "30%", "--mask", "{out}/m.json"], "A mask is of one order; choose it"),
        (
            ["--by", "gate", "--remove", "130%", "--mask", "{out}/m.json"],
            "--remove 130% is no share; give one such as 30% or 0.3.",
        ),
        (["--out", "{out}/c.txt"], "c.txt has to end in .csv or .html"),
        (["--gate", "SE_2_1[0]"], "--gate is no part of a question about --data"),
        (["--by", "gate"], "The order “gate” needs gate statistics of the network"),
        (["--block", "SE_9_9"], "There is no block “SE_9_9”"),
    ],
)
def test_bad_options_get_a_sentence(capsys, command, tmp_path: Path, options, sentence: str):
    given = [option.format(out=tmp_path) for option in options]
    assert main([*command, *given]) == 2
    assert sentence in capsys.readouterr().err


def test_options_about_removal_need_data_and_a_question_needs_something(capsys, picture: Path):
    assert main(["channels", str(picture), "--across"]) == 2
    assert "--across is about the images of --data" in capsys.readouterr().err
    assert main(["channels"]) == 2
    assert "Give a photograph, or a data set by --data DIR." in capsys.readouterr().err
    assert main(["channels", str(picture), "--data", "nowhere"]) == 2
    assert "photographs are no part of a question about --data" in capsys.readouterr().err
