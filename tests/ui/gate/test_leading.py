import base64
from types import SimpleNamespace

import gradio as gr
import pytest
from made_collection import made_collection
from made_data_set import made_data_set

from seviz.reference import gather
from seviz.ui.dataset import behind
from seviz.ui.dataset.behind import GatePage, select, thumbnails
from seviz.ui.parts.navigation import GATE
from seviz.ui.state import Sought


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    return made_data_set()[1:]


def test_the_images_of_the_reference_have_no_thumbnails(made):
    gather.set_reference(*made)
    assert thumbnails("embedded", None) == {}


def test_photographs_at_hand_have_thumbnails_by_their_names(monkeypatch):
    collection = made_collection({"SE_2_1": [[0.1, 0.9], [0.3, 0.7]]}, ["cat", ""])
    monkeypatch.setattr(behind, "own_reference", lambda key: "own")
    monkeypatch.setattr(behind, "collection", lambda key, own: collection)
    found = thumbnails("embedded", None)
    assert list(found) == ["cat/0.png", "1.png"]
    sent = found["1.png"].removeprefix("data:image/jpeg;base64,")
    assert base64.b64decode(sent) == collection.photographs.photos[1].thumbnail


def test_a_gate_is_selected_among_the_blocks_of_the_statistics(made):
    with gr.Blocks():
        asked = SimpleNamespace(block=gr.State(), channel=gr.State())
    said = select(asked, made[0], ("SE_2_2", 4))
    assert said[asked.channel] == 4
    assert said[asked.block].value == "SE_2_2"
    assert [name for name, _ in said[asked.block].choices] == ["SE_2_1", "SE_2_2"]


@pytest.fixture
def page(made) -> GatePage:
    gather.set_reference(*made)
    with gr.Blocks():
        asked = SimpleNamespace(**{name: gr.State() for name in ("block", "channel", "wanted")})
        return GatePage(SimpleNamespace(asked=asked), gr.Tabs())


def test_a_gate_that_is_clicked_opens_its_page(page, notices):
    event = SimpleNamespace(_data={"name": "SE_2_2", "channel": 4})
    said = page.open(event, "embedded")
    assert said[page.tabs].selected == GATE
    assert said[page.asked.wanted] == Sought("embedded", "SE_2_2", 4)
    assert said[page.asked.channel] == 4
    assert [*said] == page.outputs
    assert notices == []


@pytest.mark.parametrize(
    "data",
    [
        *(None, {}, {"name": []}, {"name": "x", "channel": 0}, {"name": "SE_2_2"}),
        *({"name": "SE_2_2", "channel": 5}, {"name": "SE_2_2", "channel": -1}),
        {"name": "SE_2_2", "channel": "1"},
    ],
)
def test_a_click_that_names_no_gate_is_refused(page, notices, data):
    assert page.open(SimpleNamespace(_data=data), "embedded") == gr.skip()
    assert len(notices) == 1
