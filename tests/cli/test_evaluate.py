import json
from dataclasses import asdict
from pathlib import Path

import pytest
from stand_in import stand_in

from seviz.__main__ import main
from seviz.measuring import arm_accuracy, evaluate
from seviz.measuring.arm_accuracy import ArmAccuracies, ArmAccuracy
from seviz.measuring.evaluate import Evaluation
from seviz.photos.sources import Reading
from seviz.photos.used import ImagesUsed, LeftOut
from seviz.records.arms import INTACT, STATIC

LEFT_OUT = LeftOut("encrypted", 2, ("ant/1.png", "ant/2.png"))
USED = ImagesUsed("val", 8, 2, {"ant": 3, "bee": 5}, ("wasp",), (LEFT_OUT,))
USED_LINES = [
    "8 images of 2 classes (ant 3, bee 5), in the folder val",
    "empty, or without a readable picture: class folder wasp",
    "left out: 2 files (ant/1.png and ant/2.png): encrypted",
]
INTERVALS = ((0.4375, 0.5625), (0.6875, 0.8125))
MEASURED = Evaluation(
    *("embedded", 200, 0.5, 0.755, 1.25, 1.0625, 4_607_256, 175_779_840, 41.7, USED), *INTERVALS
)
INTACT_ACCURACY = ArmAccuracy("intact", 0.5, 0.75, 1.0, 0.0, 0.0, 1.0, "lion", 0.05, *INTERVALS)
STATIC_ACCURACY = ArmAccuracy(
    *("static", 0.375, 0.7, 2.0, -0.125, 0.031, 0.625, "cliff", 0.25), *INTERVALS
)
BY_ARM = ArmAccuracies("embedded", 8, (INTACT_ACCURACY, STATIC_ACCURACY), USED)


@pytest.fixture(autouse=True)
def _data(monkeypatch, tmp_path: Path) -> None:
    """Let there be a folder of images."""
    (tmp_path / "d").mkdir()
    monkeypatch.chdir(tmp_path)


def test_a_line_has_the_accuracy_the_cost_and_the_speed(capsys, monkeypatch):
    calls = stand_in(monkeypatch, evaluate, "evaluate", MEASURED)
    assert main(["evaluate", "--data", "d"]) == 0
    line, *used, empty, of = capsys.readouterr().out.splitlines()
    assert line == (
        "top-1 50.00% [43.75, 56.25], top-5 75.50% [68.75, 81.25] of 200 images; "
        "4,607,256 parameters; 176 M multiply-adds per image; 42 images per second; "
        "temperature 1.062"
    )
    assert used == USED_LINES
    assert (empty, of.startswith("d · embedded (seresnet50_slim, sha256 ")) == ("", True)
    asked = {"key": "embedded", "data": Path("d"), "photographs": False, "loaders": None}
    assert calls == [{**asked, "predictions": None, "reading": Reading()}]


def test_options_reach_the_measurement_and_json_has_every_figure(capsys, monkeypatch):
    calls = stand_in(monkeypatch, evaluate, "evaluate", MEASURED)
    command = ["evaluate", "--data", "d", "--model", "twin", "--photographs", "--loaders", "3"]
    command += ["--predictions", "p.csv"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    provenance = found.pop("provenance")
    assert provenance["network"]["key"] == "twin"
    assert provenance["data"] == "d"
    assert found.pop("why_null") == {
        "stored": "the weights are in no file of a user's own",
        "twin": "there is no twin without SE, or none was asked",
    }
    assert found == json.loads(json.dumps(asdict(MEASURED)))
    asked = {"key": "twin", "data": Path("d"), "photographs": True, "loaders": 3}
    assert calls == [{**asked, "predictions": Path("p.csv"), "reading": Reading()}]


def test_each_arm_has_a_line_that_compares_it_with_the_first(capsys, monkeypatch):
    calls = stand_in(monkeypatch, arm_accuracy, "measure_arms", BY_ARM)
    assert main(["evaluate", "--data", "d", "--arms", "intact", "static"]) == 0
    assert capsys.readouterr().out.splitlines()[:-2] == [
        "8 images; intact: top-1 50.00% [43.75, 56.25], top-5 75.00% [68.75, 81.25]",
        "static: top-1 37.50% [43.75, 56.25], top-5 70.00% [68.75, 81.25]; top-1 -12.5 points "
        "(standard error 3.1) from intact; the same answer as intact for 62.5% of the images; "
        "most frequent answer: cliff, for 25.0%",
        *USED_LINES,
    ]
    assert calls == [
        {
            "key": "embedded",
            "data": Path("d"),
            "arms": [INTACT, STATIC],
            "photographs": False,
            "profile": None,
            "loaders": None,
            "predictions": None,
            "reading": Reading(),
        }
    ]


def test_arms_as_json_with_all_options(capsys, monkeypatch):
    calls = stand_in(monkeypatch, arm_accuracy, "measure_arms", BY_ARM)
    command = ["evaluate", "--data", "d", "--arms", "intact", "--photographs", "--loaders", "2"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["model"], found["images"]) == ("embedded", 8)
    assert found["used"]["left_out"] == [
        {"reason": "encrypted", "count": 2, "names": ["ant/1.png", "ant/2.png"]}
    ]
    assert found["provenance"]["edits"] == {"intact": "intact"}
    expected = [asdict(INTACT_ACCURACY), asdict(STATIC_ACCURACY)]
    assert found["arms"] == json.loads(json.dumps(expected))
    assert (calls[0]["photographs"], calls[0]["loaders"]) == (True, 2)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--data", "nowhere"], "nowhere"),
        (["--data", "d", "--predictions", "p.json"], "p.json has to end in .csv or .npz"),
        (["--data", "d", "--predictions", "no/p.csv"], "name a file in an existing folder"),
        (["--data", "d", "--arms", "sttic"], "did you mean static"),
        (["--data", "d", "--arms", "intact", "--profile", "none"], "none is not there"),
        (["--data", "d", "--model", "embeded"], "There is no network “embeded”"),
    ],
)
def test_bad_input_gets_one_sentence(capsys, options: list[str], sentence: str):
    assert main(["evaluate", *options]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_data_must_be_named(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["evaluate"])
    assert ended.value.code == 2
    assert "the following arguments are required: --data" in capsys.readouterr().err


def test_it_runs_as_one_process(capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["evaluate", "--data", "d"]) == 2
    assert "`seviz evaluate` runs as one process; start it without" in capsys.readouterr().err
