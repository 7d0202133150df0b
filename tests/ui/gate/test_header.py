"""The view “One gate”, without a browser."""

from dataclasses import fields
from typing import Any

import gradio as gr
import pytest
from made_data_set import made_data_set

from seviz.answers.gate import one_gate
from seviz.reference import gather
from seviz.ui.dataset.gate import html as gate_html
from seviz.ui.dataset.gate.layout import lay_out
from seviz.ui.dataset.gate.view import NO_STATISTICS, Handlers, Shown
from seviz.ui.dataset.images import DataSet
from seviz.ui.parts.navigation import DATA, EXPLORE, GATE
from seviz.ui.state import Asked, Sought


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        asked = Asked(**{field.name: gr.State() for field in fields(Asked)})
        data = DataSet(asked, *(gr.State() for _ in range(len(fields(DataSet)) - 1)))
        return Handlers(data, lay_out(), gr.Tabs(), tabs=gr.Tabs())


@pytest.fixture
def made(monkeypatch):
    """Make made statistics, of two blocks, those of the embedded network."""
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    made = made_data_set()
    gather.set_reference(*made[1:])
    return made


def show(handlers: Handlers, gate: Any, **now: Any) -> Any:
    given = {"model": "embedded", "own": None, "shown": None} | now
    return handlers.show(given["model"], given["own"], gate, given["shown"])


def test_the_selected_gate_is_shown(handlers, made):
    said, p = show(handlers, "SE_2_2[3]"), handlers.parts
    assert "SE_2_2[3] opens most for" in said[p.headline]
    assert (said[p.block].value, said[p.channel]) == ("SE_2_2", 3)
    assert [name for name, _ in said[p.block].choices] == ["SE_2_1", "SE_2_2"]
    assert said[p.images].count("<table") == 3
    assert said[p.missing] == ""
    assert "z and s of this channel have the correlation" in said[p.claim]
    assert set(said) <= set(p.outputs)
    assert show(handlers, "SE_2_2[3]", shown=said[p.shown]) == gr.skip()
    assert show(handlers, "SE_2_2[2]", shown=said[p.shown])[p.channel] == 2


@pytest.mark.parametrize("gate", ["SE_9_9[3]", "undefined[undefined]", "", None, "SE_2_1[999]"])
def test_of_a_gate_that_is_not_there_the_first_one_is_shown(handlers, made, gate):
    said, p = show(handlers, gate), handlers.parts
    assert (said[p.block].value, said[p.channel]) == ("SE_2_1", 0)


def test_the_fields_and_steps_select_a_gate_here_and_in_explore(handlers, made):
    p, asked = handlers.parts, handlers.data.asked
    for step, channel, block, expected in (
        (0, 4, "SE_2_2", 4),
        (1, 4, "SE_2_2", 0),  # after the last comes the first
        (-1, 0, "SE_2_1", 2),
        (1, 1, "SE_2_1", 2),
    ):
        said = handlers.pick(step, "embedded", None, block, channel)
        assert said[p.channel] == said[asked.channel] == expected
        assert said[asked.block].value == block
        assert said[p.moved] == Sought("embedded", block, expected)


@pytest.mark.parametrize(
    ("block", "channel", "says"),
    [
        ("SE_9_9", 0, "There is no block SE_9_9 in this network; choose one."),
        ("SE_2_1", 3, "SE_2_1 has the channels 0 to 2; choose one."),
        ("SE_2_1", None, "SE_2_1 has the channels 0 to 2; choose one."),
        ("SE_2_1", "x", "SE_2_1 has the channels 0 to 2; choose one."),
        (["x"], 0, "There is no block"),
    ],
)
def test_fields_that_name_no_gate_are_refused(handlers, made, notices, block, channel, says):
    assert handlers.pick(0, "embedded", None, block, channel) == gr.skip()
    assert notices[0].startswith(says)


def test_without_statistics_it_says_what_makes_them(handlers):
    for said in (
        show(handlers, "layer1.0.se[0]", model="seresnet50.a1_in1k"),
        handlers.pick(1, "seresnet50.a1_in1k", None, "SE_2_1", 0),
    ):
        # The sentence is in the headline, and nothing of another network is left.
        assert NO_STATISTICS.split(";")[0] in said[handlers.parts.headline]
        assert said[handlers.parts.classes] is None
        assert said[handlers.parts.images] == ""


def test_explore_opens_the_view_and_it_leads_back(handlers):
    pages, asked, p = handlers.pages, handlers.data.asked, handlers.parts
    opened = handlers.open()
    assert (opened[pages].selected, opened[handlers.tabs].selected) == (DATA, GATE)
    back = handlers.back(Shown("embedded", "SE_2_1", 2, "x"))
    assert back[pages].selected == EXPLORE
    assert back[asked.wanted] == Sought("embedded", "SE_2_1", 2)
    assert set(handlers.back(None)) == {pages}
    moved = Sought("embedded", "SE_2_1", 1)
    assert handlers.leave(moved) == {asked.wanted: moved, p.moved: None}
    assert handlers.leave(None) == gr.skip()


def test_images_at_hand_are_shown_and_names_are_escaped(made):
    _, profile, images = made
    found = one_gate(profile, images, ("SE_2_1", 0), names={"cat": "<b>cat</b>"})
    name = found.largest[0].image
    said = gate_html.exemplars(found, {name: "data:image/jpeg;base64,AAAA"})
    assert said.count("data:image/jpeg;base64,AAAA") == 1
    assert "<h3>Largest gate</h3>" in said
    assert "<b>" not in said
