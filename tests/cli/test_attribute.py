import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_in import stand_in

from seviz.__main__ import main
from seviz.answers import attribution, export
from seviz.answers.attribution import (
    ArmMap,
    AttributionReport,
    MethodReport,
)
from seviz.answers.gate_shares import ChannelShare, GateSharesReport
from seviz.attribution.maps import attribute
from seviz.faithfulness import trust
from seviz.passes import dispatch
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC
from seviz.records.trace import Answer
from seviz.records.trust import Curve, Likeness, MapTrust
from seviz.reference.recorded import recorded_for
from seviz.words.trust import TABLE_LEGEND


@pytest.fixture(scope="module")
def folder(picture: Path, tmp_path_factory) -> Path:
    """What the command wrote about the photograph."""
    out = tmp_path_factory.mktemp("out")
    arms = ["intact", "static", "half: SE_4*=0.5"]
    methods = ["gradcam", "integrated_gradients"]
    command = ["attribute", str(picture), "--method", *methods, "--arms", *arms]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trust, "SENSITIVITY_ROWS", 0)  # it repeats the method: tested in its module
        assert main([*command, "--steps", "2", "--trust", "--shares", "--out", str(out)]) == 0
    return out / "garden"


def test_the_command_keeps_signed_maps_at_the_networks_size(folder: Path, picture: Path, zoo):
    arrays = np.load(folder / "attributions.npz")
    arms = [INTACT, STATIC]
    recorded = recorded_for("embedded", arms)
    record = trace(zoo.get("embedded"), read_photo(picture), arms, recorded=recorded)
    found = attribute(
        zoo.get("embedded"),
        record.image,
        arms,
        method="integrated_gradients",
        steps=2,
        recorded=recorded,
    )
    for row, arm in enumerate(("intact", "static")):
        ours = arrays[f"integrated_gradients/{arm}"]
        assert ours.shape == (3, 64, 64)
        assert np.linalg.norm(ours - found.maps[row]) <= 2e-3 * np.linalg.norm(found.maps[row])
        assert arrays[f"gradcam/{arm}"].shape == (1, 64, 64)
    assert "gradcam/half" in arrays


def test_the_command_keeps_the_gates_shares_and_the_measures(folder: Path, picture: Path, zoo):
    arrays = np.load(folder / "attributions.npz")
    said = json.loads((folder / "attributions.json").read_text("utf-8"))
    arms = [INTACT, STATIC]
    record = trace(
        zoo.get("embedded"), read_photo(picture), arms, recorded=recorded_for("embedded", arms)
    )
    best = int(record.logits[0].argmax())
    assert said["target"]["index"] == best
    shares = [arrays[f"gates/{site.name}"] for site in record.sites]
    difference = float(record.logits[0, best] - record.logits[1, best])
    assert said["gates"]["difference"] == pytest.approx(difference, rel=1e-4, abs=1e-4)
    assert sum(float(s.sum()) for s in shares) == pytest.approx(said["gates"]["total"], rel=1e-4)
    assert len(said["gates"]["top"]) == 20
    assert said["photo"] == "garden.png"
    assert said["provenance"]["photographs"][0]["path"] == str(picture)
    assert said["provenance"]["edits"]["half"] == "SE_4*=0.5"
    assert "need not add up" in said["why_null"]["error"]
    assert [arm["name"] for arm in said["arms"]] == ["intact", "static", "half"]
    assert said["arms"][0]["top"][0]["index"] == best
    assert said["crop_box"] == pytest.approx([30, 0, 210, 180], abs=2)  # of 240×180 pixels
    names = [measured["name"] for measured in said["methods"][1]["trust"]]
    assert names == ["intact", "static", "half", "random", "edges", "randomised"]
    assert said["methods"][1]["steps"] == 2
    assert said["methods"][1]["arms"][0]["error"] is not None
    assert said["methods"][0]["arms"][0]["error"] is None


def test_what_is_dear_is_done_when_asked_and_its_time_told_before(
    monkeypatch, capsys, tmp_path: Path, picture: Path
):
    calls = stand_in(monkeypatch, attribution, "attribution_report", Found(made_report()))
    stand_in(monkeypatch, export, "write_explanation", None)
    monkeypatch.setattr(dispatch, "expected_seconds", lambda key, rows: 0.5 * rows.count)
    shutil.copy(picture, tmp_path / "other.png")
    command = ["attribute", str(picture), str(tmp_path / "other.png"), "--out", str(tmp_path)]
    assert main([*command, "--arms", "intact", "static", "--shares"]) == 0
    # Of each photograph, two maps, both ends of the gates' path, and its 32 steps.
    assert capsys.readouterr().err == "seviz: This takes about 36 s.\n"
    assert [(call["trust"], call["shares"]) for call in calls] == [(False, True)] * 2
    assert main(command) == 0
    assert capsys.readouterr().err == ""


def test_the_command_draws_each_arm_and_the_difference(folder: Path):
    pictures = sorted(path.name for path in folder.glob("gradcam-*.png"))
    assert pictures == [
        "gradcam-difference.png",
        "gradcam-half.png",
        "gradcam-intact.png",
        "gradcam-static.png",
    ]
    with Image.open(folder / "gradcam-static.png") as drawn:
        assert min(drawn.size) >= 448


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--method", "lrp"], "There is no method “lrp”"),
        (["--target", "unicorn"], "There is no class “unicorn”"),
        (["--layer", "SE_9_9"], "There is no block “SE_9_9”"),
        (["--arms", "intact", "SE_9*=1"], "There is no block “SE_9*”"),
        (["--steps", "1"], "--steps is 1; give 2 to 1024."),
    ],
)
def test_bad_input_gets_one_sentence(options, sentence, picture: Path, tmp_path, capsys):
    command = ["attribute", str(picture), "--out", str(tmp_path)]
    assert main([*command, *options]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"seviz: {sentence}")  # the argument is wrong, not the photograph
    assert len(said.strip().splitlines()) == 1


def test_the_twin_is_explained_as_an_arm(capsys, picture: Path, tmp_path: Path):
    command = ["attribute", str(picture), "--out", str(tmp_path)]
    assert main([*command, "--arms", "intact", "twin", "--shares"]) == 0
    title, likeness, gates = capsys.readouterr().out.splitlines()[1:]
    assert title == "Grad-CAM at SE_5_3"
    assert re.fullmatch(
        r"  twin: with intact's map, Spearman -?\d\.\d{3}, SSIM -?\d\.\d{3}, overlap of the "
        r"strongest tenth \d+ %",
        likeness,
    )
    assert gates == ("Gates: the twin has none, so no difference is shared out over gates")
    arrays = np.load(tmp_path / "garden" / "attributions.npz")
    assert sorted(arrays) == ["gradcam/intact", "gradcam/twin"]
    assert not np.allclose(arrays["gradcam/intact"], arrays["gradcam/twin"])


class Found:
    """An explanation, of which the command prints the report alone."""

    def __init__(self, report: AttributionReport) -> None:
        self.report = report


def made_report() -> AttributionReport:
    curve = Curve("deletion", "blur", (0.75, 0.25), 0.5)
    known = MapTrust("intact", False, (curve,), 0.25, 0.125, 0.02, Likeness(1, 1, 1))
    random = MapTrust("random", True, (curve,), None, None, None, Likeness(-0.5, 1, 1))
    same, other = Likeness(1, 1, 1), Likeness(-0.25, None, 0.5)
    maps = [
        ArmMap("intact", "", 2, 2.5, 0.2, same),
        ArmMap("identity", "1", None, 1.0, None, other),
    ]
    methods = [
        MethodReport("gradcam", "Grad-CAM", "SE_5_3", 0, "", maps[1:], [known, random]),
        MethodReport("saliency", "Saliency", "", 8, "(on the CPU)", maps, []),
    ]
    top = [ChannelShare("SE_4_6", i, (6 - i) / 8, 1, 0) for i in range(6)]
    gates = GateSharesReport("intact", "identity", 2, 1.5, 0.25, 8, "", [], top)
    return AttributionReport("embedded", Answer(3, "lion", 0.75, 2.5), None, methods, gates)


def test_lines_say_what_maps_sum_to_how_far_to_trust_them_and_the_largest_shares(
    monkeypatch, capsys, tmp_path: Path, picture: Path
):
    calls = stand_in(monkeypatch, attribution, "attribution_report", Found(made_report()))
    writes = stand_in(monkeypatch, export, "write_explanation", None)
    command = ["attribute", str(picture), "--out", str(tmp_path / "o")]
    command += ["--method", "gradcam", "saliency", "--target", "lion", "--layer", "SE_5_3"]
    assert main([*command, "--steps", "2", "--arms", "intact", "identity"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/o/garden  lion: 75 %, logit 2.5",
        "Grad-CAM at SE_5_3",
        "  intact: deletion (blur) 0.500, infidelity 0.250, sensitivity 0.125",
        "  random (control): deletion (blur) 0.500; with identity's map, Spearman -0.500, "
        "SSIM 1.000, overlap of the strongest tenth 100.0 %",
        "Saliency, 8 steps (on the CPU)",
        "  intact: the map sums to +2.000 and should sum to +2.500: 20 % off",
        "  identity: with intact's map, Spearman -0.250, overlap of the strongest tenth 50 %",
        *TABLE_LEGEND,
        "Gates: between intact and identity, the logit of lion differs by +2.000; the gates' "
        "shares sum to +1.500: 25 % off",
        "  largest shares: SE_4_6[0] +0.750, SE_4_6[1] +0.625, SE_4_6[2] +0.500, "
        "SE_4_6[3] +0.375, SE_4_6[4] +0.250",
    ]
    (call,) = calls
    asked = {name: value for name, value in call.items() if name not in ("watch", "photo")}
    assert asked == {
        "key": "embedded",
        "methods": ["gradcam", "saliency"],
        "arms": ["intact", "identity"],
        "target": "lion",
        "layer": "SE_5_3",
        "steps": 2,
        "trust": False,
        "shares": False,
        "profile": None,
    }
    written = list(writes[0].values())[1:]
    assert written[:2] == ["garden.png", tmp_path / "o" / "garden"]
    assert written[2].startswith(f"seviz attribute {picture} --out ")


@pytest.mark.parametrize("steps", ["0", "1", "1025"])
def test_steps_out_of_bounds_are_refused(capsys, tmp_path: Path, steps: str):
    command = ["attribute", "nothing.png", "--out", str(tmp_path), "--steps", steps]
    assert main(command) == 2
    assert capsys.readouterr().err == f"seviz: --steps is {steps}; give 2 to 1024.\n"


def test_the_largest_number_of_steps_is_taken(monkeypatch, tmp_path: Path, picture: Path):
    calls = stand_in(monkeypatch, attribution, "attribution_report", Found(made_report()))
    stand_in(monkeypatch, export, "write_explanation", None)
    assert main(["attribute", str(picture), "--out", str(tmp_path), "--steps", "1024"]) == 0
    assert [(call["steps"], call["trust"], call["methods"]) for call in calls] == [
        (1024, False, ["gradcam"])
    ]
