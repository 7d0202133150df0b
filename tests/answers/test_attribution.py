"""Explanations as scripts and the API get them."""

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seviz.answers.attribution import attribution_report
from seviz.answers.explain import shares_between
from seviz.errors import UserError
from seviz.faithfulness import trust
from seviz.photos.read import read_photo


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


def test_the_twin_is_explained_and_has_no_gates_to_share_out(photo, monkeypatch):
    monkeypatch.setattr(trust, "SENSITIVITY_ROWS", 0)  # it repeats the method: tested in its module
    arms = ["intact", "twin", "static"]
    found = attribution_report(
        "embedded", photo, arms=arms, methods=["integrated_gradients"], steps=24
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


def test_gates_are_shared_out_between_two_arms_that_have_them(photo):
    found = attribution_report("embedded", photo, arms=["intact", "twin"], measures=False)
    assert found.gates is None and found.report.gates is None
    with pytest.raises(UserError, match="The twin without SE has no gates"):
        shares_between(found.trace, 0)


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
