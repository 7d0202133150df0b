"""The handlers of the tab “Gates”, without a browser."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from photos import disc

from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace
from seviz.ui.explore.gates.layout import lay_out
from seviz.ui.explore.gates.tab import Handlers
from seviz.ui.explore.layout import lay_out_question
from seviz.ui.state import Sought


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_question("embedded", ""), lay_out())


def traced(model: str) -> Trace:
    return ask(trace, model, disc(), [INTACT, IDENTITY], recorded={})


@pytest.fixture(scope="module")
def record() -> Trace:
    return traced("embedded")


def drawn(handlers, record, sought=None) -> dict:
    return handlers.arrive(record, "s", "channel", "with gates", sought)


def test_a_new_trace_is_drawn_with_its_most_varied_blocks_largest_gate_open(handlers, record):
    said, p = drawn(handlers, record), handlers.parts
    assert {p.atlas, p.depth, p.before, p.after, p.gates} < set(said)
    block = said[p.block].value
    assert block == max(record.sites, key=lambda site: record.s[site.name][0].std()).name
    assert said[p.channel] == record.s[block][0].argmax()
    assert handlers.arrive(None, "s", "channel", "with gates", None) == gr.skip()


def test_a_click_opens_the_cells_channel_also_when_sorted(handlers, record):
    event = SimpleNamespace(_data={"name": "SE_3_1", "position": 0})
    result = handlers.click(event, record, "s", "value", "with gates")
    assert result[handlers.parts.block] == "SE_3_1"
    assert result[handlers.parts.channel] == int(record.s["SE_3_1"][0].argmax())
    assert "largest of 192" in result[handlers.parts.facts]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "SE_9_9", "position": 0},
        {"name": "SE_2_1", "position": 64},
        {"name": "SE_2_1", "position": -1},
        {"name": "SE_2_1", "position": "0; drop"},
        {"name": ["SE_2_1"], "position": 0},
        {"name": "SE_2_1", "position": 1.5},
        ["SE_2_1", 0],
        None,
    ],
)
def test_a_forged_click_is_refused_with_a_sentence(handlers, record, notices, data: dict):
    event = SimpleNamespace(_data=data)
    assert handlers.click(event, record, "s", "value", "with gates") == gr.skip()
    assert "click a cell" in notices[0]


@pytest.mark.parametrize("channel", [64, -1, 2.5])
def test_a_channel_that_does_not_exist_gets_a_sentence(handlers, record, notices, channel):
    assert handlers.inspect(record, "SE_2_1", channel, "with gates") == gr.skip()
    assert notices == ["SE_2_1 has the channels 0 to 63; choose one."]


@pytest.mark.parametrize("channel", [576, None])
def test_a_block_without_the_open_channel_opens_at_its_largest_gate(handlers, record, channel):
    said = handlers.enter(record, "SE_4_6", channel, "with gates")
    assert said[handlers.parts.channel] == record.s["SE_4_6"][0].argmax()
    said = handlers.enter(record, "SE_4_6", 17, "with gates")
    assert said[handlers.parts.channel] == 17


def test_an_emptied_field_waits_to_be_filled(handlers, record, notices):
    assert handlers.inspect(record, "SE_2_1", None, "with gates") == gr.skip()
    assert not notices


def test_a_block_of_another_network_gets_a_sentence(handlers, record, notices):
    assert handlers.inspect(record, "SE_4_23", 0, "with gates") == gr.skip()
    assert "There is no block SE_4_23" in notices[0]


def test_a_network_that_was_put_away_and_cant_be_had_gets_a_sentence(handlers, record, notices):
    record = replace(record, model="seresnet50.a1_in1k")
    assert handlers.inspect(record, "SE_2_1", 0, "with gates") == gr.skip()
    assert "not on this machine" in notices[0]


def test_the_inspector_shows_the_pass_that_is_chosen(handlers, record):
    result = handlers.inspect(record, "SE_4_6", 3, "without gates")
    computed = record.s_computed["SE_4_6"][1][3]
    assert f"s = {computed:.4f}" in result[handlers.parts.facts]
    assert "but in this pass its gate is set to 1." in result[handlers.parts.facts]
    before, after = (result[v].data[0].z for v in (handlers.parts.before, handlers.parts.after))
    assert np.array_equal(before, after)


def test_a_channel_before_any_photograph_gets_a_sentence(handlers, notices):
    assert handlers.inspect(None, None, 0, "with gates") == gr.skip()
    assert "upload it (again)" in notices[0]


def test_the_atlas_is_drawn_anew_only_where_there_is_something_to_draw(handlers, record, notices):
    assert handlers.draw(None, "s", "channel", "with gates") == gr.skip()
    assert "upload it (again)" in notices[0]
    drawn = handlers.draw(record, "z", "value", "without gates")
    assert set(drawn) == {handlers.parts.atlas, handlers.parts.depth}


def test_a_channel_that_another_tab_asks_for_is_opened_once(handlers, record, notices):
    gate, asked = Sought("embedded", "SE_4_6", 3), handlers.asked
    said = handlers.find(record, gate, "with gates")
    assert (said[handlers.parts.block], said[handlers.parts.channel]) == ("SE_4_6", 3)
    assert said[asked.sought] is None
    assert handlers.find(record, None, "with gates") == gr.skip()
    nowhere = gate._replace(block="SE_9_9")
    assert handlers.find(record, nowhere, "with gates") == {asked.sought: None}
    assert "There is no block SE_9_9" in notices[0]


def test_a_gate_of_another_network_is_opened_when_that_has_answered(handlers, record):
    gate = Sought("lab_resnet_tanh", "SE_4_2", 3)
    assert handlers.find(record, gate, "with gates") == gr.skip()
    assert handlers.find(None, gate, "with gates") == gr.skip()
    said, p = drawn(handlers, traced("lab_resnet_tanh"), gate), handlers.parts
    assert (said[p.block].value, said[p.channel]) == ("SE_4_2", 3)
    assert said[handlers.asked.sought] is None
    other = drawn(handlers, record, gate)
    assert other[p.channel] == record.s[other[p.block].value][0].argmax()


def test_how_to_read_the_gates_is_told_of_the_network_that_is_open(handlers, record):
    merged, p = drawn(handlers, traced("lab_resnet_tanh")), handlers.parts
    assert "blue ones (negative) flip its sign" in merged[p.atlas_help]
    assert "|s| &lt; 0.05" in merged[p.depth_help]
    assert "Bright gates" in drawn(handlers, record)[p.atlas_help]
