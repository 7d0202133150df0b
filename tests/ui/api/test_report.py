from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seviz.attribution.methods import METHODS
from seviz.photos.examples import EXAMPLES


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_a_report_is_a_page_with_a_name(client: Client, picture: Path):
    found = client.predict(
        handle_file(picture), arms=["intact", "static"], target="lion", api_name="/report"
    )
    assert found["name"] == "seviz-report-embedded.html"
    assert found["html"].startswith("<!doctype html>")
    assert "--target lion" in found["html"]
    assert f"on {picture.name}</h1>" in found["html"]
    assert str(picture.parent) not in found["html"]


def test_what_else_is_asked_for_is_in_the_report(client: Client, picture: Path):
    found = client.predict(
        handle_file(picture),
        arms=["intact", "static"],
        alpha_to="identity",
        change="darker",
        strength=40,
        second=handle_file(EXAMPLES[0].path),
        api_name="/report",
    )
    for name in ("alpha", "change", "second"):
        assert f'<section id="{name}">' in found["html"]
    repeated = f"--alpha-to identity --change darker --strength 40 --second {EXAMPLES[0].path.name}"
    assert repeated in found["html"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"change": "magic"}, "magic"),
        ({"change": "noisy", "strength": "much"}, "strength is much; give a number"),
        ({"change": "noisy", "seed": -1}, "seed"),
        ({"target": "SE_4_6[17]"}, "is a gate"),
        ({"methods": ["magic"]}, "There is no method"),
        ({"arms": "intact"}, "list of names"),
        ({"alpha_to": "half"}, "choose static, identity or uniform"),
        ({"trust": "yes"}, "trust is yes; give true or false"),
        ({"trust": True, "methods": [*METHODS][:5]}, "At most 4 methods .* trust; these are 5"),
        ({"shares": "yes"}, "give true or false"),
        ({"arms": ["resample@/etc/hostname"]}, "names a file of the server"),
    ],
)
def test_bad_arguments_get_a_sentence(client: Client, picture: Path, asked: dict, sentence: str):
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(picture), **asked, api_name="/report")
