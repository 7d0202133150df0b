"""Explanations as the command line and the API give them."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from seviz.__main__ import main
from seviz.answers.attribution import attribution_report
from seviz.attribution.maps import attribute
from seviz.errors import UserError
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC
from seviz.reference.recorded import recorded_for


@pytest.fixture(scope="module")
def picture(tmp_path_factory, photo: Image.Image) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "garden.png"
    photo.save(path)
    return path


@pytest.fixture(scope="module")
def folder(picture: Path, tmp_path_factory) -> Path:
    """What the command wrote about the photograph."""
    out = tmp_path_factory.mktemp("out")
    arms = ["intact", "static", "half: SE_4*=0.5"]
    methods = ["gradcam", "integrated_gradients"]
    command = ["attribute", str(picture), "--method", *methods, "--arms", *arms]
    assert main([*command, "--steps", "8", "--out", str(out)]) == 0
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
        steps=8,
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
    assert [arm["name"] for arm in said["arms"]] == ["intact", "static", "half"]
    assert said["arms"][0]["top"][0]["index"] == best
    assert said["crop_box"] == pytest.approx([30, 0, 210, 180], abs=2)  # of 240×180 pixels
    names = [measured["name"] for measured in said["methods"][1]["trust"]]
    assert names == ["intact", "static", "half", "random", "edges", "randomised"]
    assert said["methods"][1]["steps"] == 8
    assert said["methods"][1]["arms"][0]["error"] < 0.5
    assert said["methods"][0]["arms"][0]["error"] is None


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
        (["--arms", "intact", "twin"], "twin is another network"),
        (["--arms", "intact", "SE_9*=1"], "There is no block “SE_9*”"),
        (["--steps", "1"], "--steps is 1; give 2 to 1024."),
    ],
)
def test_bad_input_gets_one_sentence(options, sentence, picture: Path, tmp_path, capsys):
    command = ["attribute", str(picture), "--no-measures", "--out", str(tmp_path)]
    assert main([*command, *options]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


def test_the_target_may_be_the_other_arms_answer(photo, zoo):
    arms = ["intact", "identity"]
    found = attribution_report("embedded", photo, arms=arms, target="other", measures=False)
    assert found.report.target.index == int(found.trace.logits[1].argmax())
    assert found.report.target.logit == pytest.approx(
        float(found.trace.logits[0, found.report.target.index])
    )
    assert found.report.methods[0].trust == []


def test_one_arm_has_no_gates_to_share_out(photo):
    assert attribution_report("embedded", photo, arms=["intact"], measures=False).gates is None


def test_a_method_that_is_not_right_is_refused_before_others_are_lost(photo):
    with pytest.raises(UserError, match="no method"):
        attribution_report("embedded", photo, methods=["gradcam", "nonsense"], measures=False)


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_the_api_gives_the_same(client: Client, picture: Path):
    found = client.predict(handle_file(picture), arrays=True, api_name="/attribute")
    here = attribution_report("embedded", read_photo(picture), measures=False)
    assert found["report"]["target"]["label"] == here.report.target.label
    maps = np.array(found["maps"]["gradcam/intact"])
    np.testing.assert_allclose(maps, here.attributions[0].pixels[0], rtol=1e-3, atol=1e-5)
    assert set(found["gates"]) == {site.name for site in here.trace.sites}
    assert found["report"]["methods"][0]["layer"] == "SE_5_3"
    light = client.predict(handle_file(picture), arms=["intact"], api_name="/attribute")
    assert (light["maps"], light["gates"], light["report"]["gates"]) == ({}, {}, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"methods": ["lrp"]}, "no method “lrp”"),
        ({"methods": 3}, "methods is a list of names"),
        ({"arms": ["resample@/etc/passwd"]}, "names a file of the server"),
        ({"layer": "nowhere"}, "no block “nowhere”"),
    ],
)
def test_the_api_refuses_in_one_sentence(client: Client, picture: Path, given, sentence):
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(picture), api_name="/attribute", **given)
