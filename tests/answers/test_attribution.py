"""Explanations as scripts and the API get them."""

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seviz.answers.attribution import attribution_report
from seviz.errors import UserError
from seviz.faithfulness import trust
from seviz.faithfulness.likeness import likeness
from seviz.photos.read import read_photo
from seviz.records.target import Contrast
from seviz.records.trust import Likeness


def test_the_target_may_be_the_other_arms_answer(photo, zoo):
    arms = ["intact", "identity"]
    found = attribution_report("embedded", photo, arms=arms, target="other")
    assert found.report.target.index == int(found.trace.logits[1].argmax())
    assert found.report.target.logit == pytest.approx(
        float(found.trace.logits[0, found.report.target.index])
    )
    (method,) = found.report.methods
    assert method.trust == [] and found.report.gates is None  # they are dear, and were not asked
    assert method.arms[0].likeness == Likeness(pytest.approx(1), pytest.approx(1), 1)
    mine = likeness(*found.attributions[0].pixels)
    assert method.arms[1].likeness == mine and mine.spearman < 1


def test_the_target_may_be_the_difference_of_two_classes(photo):
    arms = ["intact", "identity"]
    found = attribution_report("embedded", photo, arms=arms, target="lion vs red panda")
    of, logits = found.report.target, found.trace.logits[0]
    assert isinstance(of, Contrast)
    assert of.label == "lion rather than red panda"
    assert of.logit == pytest.approx(float(logits[of.index] - logits[of.minus]), abs=1e-4)


def test_the_target_may_be_a_gate_which_is_explained_before_it_is_edited(photo):
    arms = ["intact", "SE_4_6=0"]
    methods = ["gradcam", "input_x_gradient"]
    found = attribution_report("embedded", photo, arms=arms, target="SE_4_6[17]", methods=methods)
    of, s = found.report.target, found.trace.s_computed["SE_4_6"]
    assert of.label == "gate SE_4_6[17]"
    assert of.probability == pytest.approx(float(s[0, 17]), abs=1e-5)
    assert of.logit == pytest.approx(np.log(s[0, 17] / (1 - s[0, 17])), abs=1e-3)
    cam, pixels = found.attributions
    assert cam.layer == "SE_4_5"
    for of_method in (cam, pixels):  # the gate is edited only after it was computed
        np.testing.assert_allclose(of_method.maps[1], of_method.maps[0], atol=1e-6)
        assert np.abs(of_method.maps[0]).max() > 0


def test_one_arm_has_no_gates_to_share_out(photo):
    assert attribution_report("embedded", photo, arms=["intact"], shares=True).report.gates is None


def test_the_twin_is_explained_and_has_no_gates_to_share_out(photo, monkeypatch):
    monkeypatch.setattr(trust, "SENSITIVITY_ROWS", 0)  # it repeats the method: tested in its module
    arms = ["intact", "twin", "static"]
    found = attribution_report(
        "embedded",
        photo,
        arms=arms,
        methods=["integrated_gradients"],
        steps=24,
        trust=True,
        shares=True,
    )
    (method,) = found.report.methods
    assert [arm.edits for arm in method.arms] == arms
    twin = found.trace.logits[1, found.report.target.index]
    assert method.arms[1].error < 0.1 and method.arms[1].score < twin + 10
    assert [m.name for m in method.trust][:3] == arms
    assert method.trust[1].completeness == pytest.approx(method.arms[1].error)
    best = found.report.target.index
    assert (found.report.gates.first, found.report.gates.second) == ("intact", "static")
    difference = float(found.trace.logits[0, best] - found.trace.logits[2, best])
    assert found.report.gates.difference == pytest.approx(difference, rel=1e-4, abs=1e-4)
    first = found.report.gates.top[0]
    assert first.other == found.trace.s[first.site][2, first.channel]


def test_a_method_that_is_not_right_is_refused_before_others_are_lost(photo):
    with pytest.raises(UserError, match="no method"):
        attribution_report("embedded", photo, methods=["gradcam", "nonsense"])


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_the_api_gives_the_same(client: Client, picture: Path):
    found = client.predict(handle_file(picture), arrays=True, shares=True, api_name="/attribute")
    here = attribution_report("embedded", read_photo(picture))
    assert found["report"]["target"]["label"] == here.report.target.label
    maps = np.array(found["maps"]["gradcam/intact"])
    np.testing.assert_allclose(maps, here.attributions[0].pixels[0], rtol=1e-3, atol=1e-5)
    assert set(found["gates"]) == {site.name for site in here.trace.sites}
    assert found["report"]["methods"][0]["layer"] == "SE_5_3"
    both = client.predict(handle_file(picture), arms=["intact", "twin"], api_name="/attribute")
    assert [arm["arm"] for arm in both["report"]["methods"][0]["arms"]] == ["intact", "twin"]
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
