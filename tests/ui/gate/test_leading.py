from types import SimpleNamespace

import gradio as gr
import pytest
from made_data_set import made_data_set

from seviz.reference import gather
from seviz.ui.gate.leading import GatePage, lead, select
from seviz.ui.parts.navigation import GATE
from seviz.ui.state import Sought

FIELDS = ("block", "channel", "wanted", "moved")


@pytest.fixture
def page(monkeypatch) -> GatePage:
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    gather.set_reference(*made_data_set()[1:])
    with gr.Blocks():
        asked = SimpleNamespace(**{name: gr.State() for name in FIELDS})
        return GatePage(asked, gr.Tabs())


def test_a_gate_is_selected_among_the_blocks_of_its_network(page):
    said = select(page.asked, ["SE_2_1", "SE_2_2"], ("SE_2_2", 4))
    assert said[page.asked.channel] == 4
    assert said[page.asked.block].value == "SE_2_2"
    assert [name for name, _ in said[page.asked.block].choices] == ["SE_2_1", "SE_2_2"]


def test_a_gate_that_is_clicked_opens_its_page_and_explore_shows_it_later(page, notices):
    event = SimpleNamespace(_data={"name": "SE_2_2", "channel": 4})
    said = page.open(event, "embedded", None)
    assert said[page.pages].selected == GATE
    assert said[page.asked.moved] == Sought("embedded", "SE_2_2", 4)
    assert said[page.asked.channel] == 4
    assert [*said] == page.outputs
    assert notices == []


def test_another_network_is_opened_for_its_gate(page):
    sought = Sought("lab_vgg_se", "SE_1_1", 3)
    said = lead(page.asked, page.pages, sought)
    assert (said[page.pages].selected, said[page.asked.wanted]) == (GATE, sought)


@pytest.mark.parametrize(
    "data",
    [
        *(None, {}, {"name": []}, {"name": "x", "channel": 0}, {"name": "SE_2_2"}),
        *({"name": "SE_2_2", "channel": 5}, {"name": "SE_2_2", "channel": -1}),
        *({"name": "SE_2_2", "channel": "1"}, {"name": "SE_2_2", "channel": True}),
    ],
)
def test_a_click_that_names_no_gate_is_refused(page, notices, data):
    assert page.open(SimpleNamespace(_data=data), "embedded", None) == gr.skip()
    assert len(notices) == 1


def test_a_click_for_a_network_that_is_none_is_refused(page, notices):
    event = SimpleNamespace(_data={"name": "SE_2_2", "channel": 4})
    assert page.open(event, ["x"], None) == gr.skip()
    assert len(notices) == 1
