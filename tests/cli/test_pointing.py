import json
from dataclasses import asdict
from pathlib import Path

import pytest
from stand_in import stand_in

from seviz.__main__ import main
from seviz.faithfulness import pointing
from seviz.faithfulness.pointing import ArmPointing, Pointing
from seviz.records.losses import Estimate

FOUND = Pointing(
    model="embedded",
    method="integrated_gradients",
    images=6,
    chance=0.25,
    arms=[
        ArmPointing("intact", Estimate(0.5, 0.1, 0.9), Estimate(0.3756, 0.25, 0.5)),
        ArmPointing("static", Estimate(1, 1, 1), Estimate(0.25, 0.2, 0.3)),
    ],
    hits_difference=Estimate(-0.5, -0.9, -0.1),
    energy_difference=Estimate(0.1256, -0.0504, 0.3),
)
DEFAULTS = {
    "key": "embedded",
    "data": Path("d"),
    "images": 1000,
    "method": "gradcam",
    "layer": "",
    "arms": [],
    "profile": None,
    "loaders": None,
}


def without_watch(call: dict) -> dict:
    return {name: value for name, value in call.items() if name != "watch"}


@pytest.fixture(autouse=True)
def _data(monkeypatch, tmp_path: Path) -> None:
    """Let there be a folder of images."""
    (tmp_path / "d").mkdir()
    monkeypatch.chdir(tmp_path)


def test_each_arm_and_the_difference_have_a_line_with_their_intervals(capsys, monkeypatch):
    calls = stand_in(monkeypatch, pointing, "pointing", FOUND)
    assert main(["pointing", "--data", "d"]) == 0
    assert capsys.readouterr().out.splitlines()[:-2] == [
        "Integrated gradients over 6 images; a map without information would have 25 % in the box",
        "intact        points into the box 50.0 % [10.0, 90.0], energy 37.6 % [25.0, 50.0]",
        "static        points into the box 100.0 % [100.0, 100.0], energy 25.0 % [20.0, 30.0]",
        "difference    points into the box -50.0 % [-90.0, -10.0], energy 12.6 % [-5.0, 30.0]",
    ]
    assert [without_watch(call) for call in calls] == [DEFAULTS]


def test_options_reach_the_game_and_json_has_all_of_its_answer(capsys, monkeypatch):
    calls = stand_in(monkeypatch, pointing, "pointing", FOUND)
    command = ["pointing", "--data", "d", "--images", "2", "--method", "saliency"]
    command += ["--layer", "SE_4_6", "--arms", "identity", "uniform", "--loaders", "1", "--json"]
    assert main(command) == 0
    found, expected = json.loads(capsys.readouterr().out), json.loads(json.dumps(asdict(FOUND)))
    assert {name: found[name] for name in expected} == expected
    assert found["provenance"]["data"] == "d"
    assert [without_watch(call) for call in calls] == [
        DEFAULTS
        | {"images": 2, "method": "saliency", "layer": "SE_4_6", "loaders": 1}
        | {"arms": ["identity", "uniform"]}
    ]


def test_an_interval_needs_two_images(capsys):
    assert main(["pointing", "--data", "d", "--images", "1"]) == 2
    error = "seviz: --images is 1; give 2 or more, as an interval needs them.\n"
    assert capsys.readouterr().err == error
