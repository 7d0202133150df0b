"""The top of the page “Gate”, without a browser."""

from typing import Any

import gradio as gr
import pytest
from explored import lay_out_asked
from made_data_set import made_data_set
from photos import disc

from seviz.gates.grammar import parse_arm
from seviz.gates.history import History
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference import gather
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.header import view
from seviz.ui.gate.header.layout import lay_out
from seviz.ui.gate.header.view import Fields, Handlers
from seviz.ui.parts.navigation import EXPLORE, GATE
from seviz.ui.state import Sought

BARE = "seresnet50.a1_in1k"  # without statistics here


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_asked(), lay_out(), gr.Tabs())


@pytest.fixture
def made(monkeypatch):
    """Make made statistics, of two blocks, those of the embedded network."""
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    gather.set_reference(*made_data_set()[1:])


def fields(gate: Any = "", **now: Any) -> Fields:
    usual = dict.fromkeys(Fields._fields) | {"model": "embedded", "wrong": ""}
    return Fields(**usual | {"selected": gate} | now)


def show(handlers: Handlers, gate: Any = "", **now: Any) -> Any:
    return handlers.show(*fields(gate, **now))


def test_the_selected_gate_is_shown(handlers, made):
    said, p = show(handlers, "SE_2_2[3]"), handlers.parts
    assert "SE_2_2[3] opens most for" in said[p.headline]
    assert "Channel 3 (of 0 to 4) of SE_2_2 in " in said[p.place]
    assert (said[p.block].value, said[p.channel]) == ("SE_2_2", 3)
    assert [name for name, _ in said[p.block].choices] == ["SE_2_1", "SE_2_2"]
    assert said[p.link] == "embedded SE_2_2[3] SE_2_2[3]"  # and what was sought
    assert said[p.notice] == ""
    assert set(said) == set(p.outputs)
    assert show(handlers, "SE_2_2[3]", shown=said[p.shown]) == gr.skip()
    assert show(handlers, "SE_2_2[2]", shown=said[p.shown])[p.channel] == 2


@pytest.mark.parametrize("gate", ["SE_9_9[3]", "SE_2_1[999]", "<b>[1]"])
def test_an_address_that_names_no_gate_is_said_and_another_one_is_shown(handlers, made, gate):
    said, p = show(handlers, gate, block="SE_2_2", channel=1), handlers.parts
    assert (said[p.block].value, said[p.channel]) == ("SE_2_2", 1)
    assert "There is no gate " in said[p.notice]
    assert said[p.notice].endswith("; shown is SE_2_2[1].</p>")
    assert "<b>" not in said[p.notice]
    # It stays said while nothing but the photograph's answer comes, and goes with another gate.
    shown = said[p.shown]
    again = {"wrong": said[p.wrong], "shown": shown, "block": "SE_2_2", "channel": 1}
    same = show(handlers, "SE_2_2[1]", **again, edits=History(parse_arm("SE_2_1=0").edits))
    assert same[p.notice] == said[p.notice]
    first = show(handlers, "SE_2_2[4]", **again)
    assert first[p.notice].endswith("; shown is SE_2_2[4].</p>")
    answered = again | {"shown": shown._replace(answered=7)}
    assert show(handlers, "SE_2_2[4]", **answered)[p.notice] == ""


@pytest.mark.parametrize("gate", ["", None, ["x"]])
def test_where_no_gate_is_named_nothing_is_said_of_it(handlers, made, gate):
    said, p = show(handlers, gate), handlers.parts
    assert (said[p.block].value, said[p.channel]) == ("SE_2_1", 0)
    assert said[p.notice] == ""


def test_the_fields_and_steps_select_a_gate_here_and_explore_shows_it_later(handlers, made):
    p, asked = handlers.parts, handlers.asked
    said = handlers.pick(1, *fields(block="SE_2_2", channel=4, wrong="SE_9_9[0]"))
    assert said[p.channel] == said[asked.channel] == 0
    assert said[asked.block].value == "SE_2_2"
    assert said[asked.moved] == Sought("embedded", "SE_2_2", 0)
    assert said[asked.wanted] is None
    assert (said[p.wrong], said[p.notice]) == ("", "")


def test_fields_that_name_no_gate_are_refused_and_show_the_gate_again(handlers, made, notices):
    p, shown = handlers.parts, Shown("embedded", "SE_2_1", 1)
    said = handlers.pick(0, *fields(block="SE_2_1", channel=3, shown=shown))
    assert said == {p.block: "SE_2_1", p.channel: 1}
    assert notices == ["SE_2_1 has the channels 0 to 2; choose one."]
    assert handlers.pick(0, *fields(block="SE_9_9", channel=0)) == gr.skip()


def test_a_network_that_is_none_is_refused(handlers, notices):
    assert show(handlers, "SE_2_1[0]", model=["x"]) == gr.skip()
    assert len(notices) == 1


def test_without_statistics_the_photograph_tells(handlers, monkeypatch):
    monkeypatch.setattr(view, "reference", lambda key: None)
    record, p = ask(trace, "embedded", disc(), [INTACT]), handlers.parts
    said = show(handlers, "SE_2_1[1]", record=record)
    s = float(record.s["SE_2_1"][0, 1])
    assert f"SE_2_1[1] is {s:.3f} on this photograph." in said[p.headline]
    assert said[p.shown].answered == hash((record.image.tobytes(), record.statistics))
    assert said[p.shown].target == record.top(0, 1)[0].index
    assert said[p.shown].statistics == ""


def test_a_network_whose_gates_are_not_known_says_what_makes_them_known(handlers, made):
    p = handlers.parts
    said = show(handlers, "SE_2_1[0]", model=BARE)
    assert "are not known yet: choose a photograph in Explore" in said[p.headline]
    assert said[p.shown] is None
    assert said[p.link] == ""
    wanted = Sought(BARE, "layer1.0.se", 2)
    said = show(handlers, "SE_2_1[0]", wanted=wanted)
    assert "is being opened for its gate layer1.0.se[2]" in said[p.headline]


def test_a_gate_that_another_page_wants_comes_before_the_address(handlers, made):
    said = show(handlers, "SE_2_1[0]", model=BARE, wanted=Sought("embedded", "SE_2_2", 4))
    assert said[handlers.parts.shown].gate == ("SE_2_2", 4)
    whole = show(handlers, "SE_2_1[2]", wanted=Sought(BARE))  # of which it wants no gate
    assert whole[handlers.parts.shown].gate == ("SE_2_1", 2)


def test_explore_opens_the_page_and_it_leads_back(handlers):
    pages, asked = handlers.pages, handlers.asked
    assert handlers.open()[pages].selected == GATE
    back = handlers.back(Shown("embedded", "SE_2_1", 2, "x"))
    assert back[pages].selected == EXPLORE
    assert back[asked.wanted] == Sought("embedded", "SE_2_1", 2)
    assert set(handlers.back(None)) == {pages}
    moved = Sought("embedded", "SE_2_1", 1)
    assert handlers.leave(moved) == {asked.wanted: moved, asked.moved: None}
    assert handlers.leave(None) == gr.skip()
