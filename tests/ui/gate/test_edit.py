"""The section “Edit it”, without a browser."""

from typing import Any

import gradio as gr
import pytest
from explored import lay_out_asked
from photos import disc

from seviz.gates.grammar import arm_text, parse_arm
from seviz.gates.history import History
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace, trace
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.surgery import html as surgery_html
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.edit import view
from seviz.ui.gate.edit.layout import lay_out
from seviz.ui.gate.edit.view import Handlers
from seviz.ui.parts.navigation import EXPLORE
from seviz.ui.state import Sought

SHOWN = Shown("embedded", "SE_3_2", 5, "x", answered=1, target=3, edits="intact")


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), [INTACT])


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_asked(), lay_out(), gr.Tabs(), shown=gr.State())


def history(text: str) -> History:
    return History().replace(parse_arm(text).edits)


def answers(record: Trace, text: str) -> str:
    """Return the answers as the page must show them, from a pass of the library's own."""
    arms = [INTACT, parse_arm(text)]
    recorded = recorded_for(record.model, arms)
    return surgery_html.answers(ask(retrace, record.model, record.image, arms, recorded=recorded))


@pytest.mark.parametrize(
    ("act", "value", "text"),
    [
        ("shut", None, "SE_3_2[5]=0"),
        ("half", None, "SE_3_2[5]*=0.5"),
        ("mean", None, "SE_3_2[5]=static"),
        ("open", None, "SE_3_2[5]=identity"),
        ("set", 0.25, "SE_3_2[5]=0.25"),
    ],
)
def test_a_button_edits_the_gate_and_tells_what_the_network_answers(
    handlers, record, act, value, text
):
    q, p = handlers.asked, handlers.parts
    said = handlers.edit(act, SHOWN, record, History(), value)
    assert arm_text(said[q.edits].edits) == text
    assert said[p.answers] == answers(record, text)
    assert said[p.remove].interactive
    assert "SE_3_2, channel 5: " in said[p.told]
    assert set(said) == {*p.outputs, q.edits, handlers.shown}
    edited = SHOWN._replace(edits=text)
    assert said[handlers.shown] == edited  # so that the page hears of an edit that is undone
    assert handlers.show(edited, record, said[q.edits], said[p.edited]) == gr.skip()


def test_an_edit_takes_the_place_of_the_gates_last_one_and_others_stay(handlers, record):
    q, p = handlers.asked, handlers.parts
    before = history("SE_3_2[5]*=0.5; SE_2_1=identity")
    said = handlers.edit("half", SHOWN, record, before, None)
    assert arm_text(said[q.edits].edits) == "SE_2_1=identity; SE_3_2[5]*=0.5"
    assert said[q.edits].done[-1] == before.edits  # a step that Surgery can undo
    assert "1 other edit of the tab Surgery holds, too." in said[p.told]
    gone = handlers.edit("remove", SHOWN, record, said[q.edits], None)
    assert arm_text(gone[q.edits].edits) == "SE_2_1=identity"
    assert not gone[p.remove].interactive
    assert "This gate is not edited." in gone[p.told]
    none = handlers.edit("remove", SHOWN, record, history("SE_3_2[5]=0"), None)
    assert none[p.answers] == ""


def test_another_gate_tells_its_own_edit(handlers, record):
    p, edits = handlers.parts, history("SE_3_2[5]=0")
    shown = SHOWN._replace(edits="SE_3_2[5]=0")
    said = handlers.show(shown, record, edits, None)
    assert said[p.answers] == answers(record, "SE_3_2[5]=0")
    assert said[p.remove].interactive
    other = handlers.show(shown._replace(channel=6), record, edits, said[p.edited])
    assert not other[p.remove].interactive
    assert handlers.show(shown._replace(target=8), record, edits, said[p.edited]) == gr.skip()


@pytest.mark.parametrize("value", [None, "x", float("nan"), float("inf"), 1e39])
def test_a_gate_is_set_to_a_number(handlers, record, notices, value: Any):
    assert handlers.edit("set", SHOWN, record, History(), value) == gr.skip()
    assert notices == ["To set a gate, write a number beside it, such as 0.5."]


def test_without_statistics_there_is_no_mean(handlers, record, notices, monkeypatch):
    monkeypatch.setattr(view, "reference", lambda key: None)
    assert not handlers.show(SHOWN, record, None, None)[handlers.parts.acts["mean"]].visible
    assert handlers.edit("mean", SHOWN, record, None, None) == gr.skip()
    assert "so no static gates" in notices[0]


def test_without_an_answer_there_is_nothing_to_edit(handlers, record, notices):
    p, other = handlers.parts, SHOWN._replace(model="twin")
    said = handlers.show(other, record, history("SE_3_2[5]=0"), SHOWN)
    assert (said[p.told], said[p.answers]) == ("", "")
    assert handlers.edit("shut", other, record, None, None) == gr.skip()
    assert "has answered no photograph yet" in notices[0]
    assert handlers.edit("shut", None, record, None, None) == gr.skip()


def test_the_tab_surgery_opens_at_the_gate(handlers):
    pages = handlers.pages
    said = handlers.open(SHOWN)
    assert said[pages].selected == EXPLORE
    assert said[handlers.asked.wanted] == Sought("embedded", "SE_3_2", 5)
    assert set(handlers.open(None)) == {pages}
