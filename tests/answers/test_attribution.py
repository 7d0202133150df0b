"""Explanations as scripts and the API get them."""

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seviz.answers.attribution import attribution_report
from seviz.errors import UserError
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
