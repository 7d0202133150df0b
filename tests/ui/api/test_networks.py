"""The endpoint about two networks, as a function."""

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from gradio.utils import get_upload_folder
from photos import disc

from seviz.answers.network_pair import network_pair_answer
from seviz.ui.api.networks import TASKS, networks


@pytest.fixture(scope="module")
def upload() -> Iterator[dict[str, str]]:
    path = Path(get_upload_folder()) / "pair.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    disc().save(path)
    yield {"path": str(path)}
    path.unlink()


def test_it_answers_as_scripts_do(upload):
    found = networks(upload, "embedded", "twin", topk=2, method="gradcam", target="lion")
    ours = network_pair_answer(
        "embedded", "twin", disc(), topk=2, method="gradcam", target="lion"
    ).report
    assert (found.headline, found.agree, found.classes) == (ours.headline, ours.agree, ours.classes)
    assert found.maps.label == "lion"
    assert found.maps.likeness.spearman == pytest.approx(ours.maps.likeness.spearman, abs=1e-3)
    assert [answer.label for answer in found.common] == [answer.label for answer in ours.common]
    assert (networks,) == TASKS


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"other": "nothing"}, "There is no network “nothing”"),
        ({"method": "magic"}, "There is no method “magic”"),
        ({"topk": 0}, "give a number of classes"),
        ({"method": "gradcam", "target": "unicorn"}, "There is no class “unicorn”"),
    ],
)
def test_what_it_does_not_take_is_one_sentence(upload, options, sentence):
    with pytest.raises(gr.Error, match=sentence):
        networks(upload, **options)
