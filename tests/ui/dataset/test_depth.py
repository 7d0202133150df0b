"""The view “Selectivity by depth”, without a browser."""

from dataclasses import fields, replace

import gradio as gr
import pytest

from seviz.answers.classes import selectivity_report
from seviz.ui.dataset.depth import view
from seviz.ui.dataset.images import DataSet
from seviz.ui.parts.navigation import CLASSES, DEPTH
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable
from seviz.ui.state import Asked


@pytest.fixture(scope="module")
def handlers() -> view.Handlers:
    with gr.Blocks():
        asked = Asked(**{field.name: gr.State() for field in fields(Asked)})
        named = {field.name: gr.State() for field in fields(DataSet)}
        with gr.Tabs(), gr.Tab(id=DEPTH):
            parts = view.Parts(gr.HTML(), gr.HTML(), PlotView(), ChannelTable(), gr.State(""))
        data = DataSet(**{**named, "asked": asked})
        return view.Handlers(data, parts, gr.Tabs())


def test_opening_says_what_holds_and_draws_and_lists_all_blocks(handlers):
    said, p = handlers.show("embedded", ""), handlers.parts
    assert "most class-specific in SE_4_6" in said[p.headline]
    assert said[p.chart].data[1].x[12] == "SE_4_6"
    assert said[p.chart].layout.meta["source"].endswith("seviz classes --model embedded --by-depth")
    assert said[p.table].count("data-name=") == 16
    assert handlers.show("embedded", said[p.shown]) == gr.skip()


def test_a_block_opens_its_class_curves(handlers, notices):
    said = handlers.pick(gr.EventData(None, {"name": "SE_3_1", "channel": None}), "embedded")
    assert said[handlers.data.block] == "SE_3_1"
    assert said[handlers.tabs].selected == CLASSES
    assert handlers.pick(gr.EventData(None, {"name": "x"}), "embedded") == gr.skip()
    assert len(notices) == 1


def test_a_network_without_statistics_says_so(handlers, monkeypatch):
    monkeypatch.setattr(view, "profile", lambda key: None)
    said = handlers.show("embedded", "old")
    assert "There are no statistics of" in said[handlers.parts.headline]
    assert said[handlers.parts.chart] is None


def test_what_is_unknown_has_no_column_and_chance_is_named():
    found = selectivity_report("embedded")
    unknown = dict.fromkeys(("share_low", "share_high", "neighbours"))
    blocks = [replace(block, **unknown) for block in found.blocks]
    text = view.depth_table(replace(found, blocks=blocks))
    assert "nearest neighbours" not in text
    blocks = [replace(b, share_low=0.1, share_high=0.2, neighbours=0.3) for b in found.blocks]
    text = view.depth_table(replace(found, blocks=blocks))
    assert "by chance neighbours would be right in 0.5 %" in text
    assert "0.100 to 0.200" in text
