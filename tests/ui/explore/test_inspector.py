"""The inspector, without a browser."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import numpy as np
import pytest
from explored import lay_out_asked
from photos import disc

from seviz.answers import movers
from seviz.answers.channels import Likeness
from seviz.gates.grammar import parse_arm
from seviz.gates.history import History
from seviz.learn.story import telling_gate
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.ui.explore.first_answer import first_answer
from seviz.ui.explore.inspector import html as inspector_html
from seviz.ui.explore.inspector.asked import Fields
from seviz.ui.explore.inspector.layout import lay_out
from seviz.ui.explore.inspector.view import Handlers
from seviz.ui.state import Sought

EDITS = History(parse_arm("SE_2_1[3]=0").edits)


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), [INTACT, IDENTITY])


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_asked(), lay_out("embedded", None))


def fields(record: Trace | None, **now: Any) -> Fields:
    usual = {"arm": "intact", "off": "identity", "target": None, "block": "SE_2_1", "channel": 3}
    here = {"wanted": None, "edits": None, "shown": Gate("SE_2_1", 3)}
    return Fields(record=record, **usual | here | now)


def passes(handlers: Handlers, said: dict[Any, Any]) -> tuple[list[str], str]:
    """Return which passes are offered, and which of them is chosen."""
    radio = said[handlers.parts.arm]
    return [title for title, _ in radio.choices], radio.value


def test_the_passes_are_named_by_what_is_done_in_them(handlers, record, monkeypatch):
    assert passes(handlers, handlers.rank(*fields(record))) == (
        ["with gates", "gates at 1"],
        "intact",
    )
    twin = ask(trace, "embedded", disc(), [INTACT, TWIN])
    now = fields(twin, off="twin", arm="other")  # whose gates can't be shown
    assert passes(handlers, handlers.rank(*now)) == (["with gates", "gates at their mean"], "other")
    assert "“gates at their mean”" in handlers.inspect(*now)[handlers.parts.facts]


def test_the_pass_as_edited_is_offered_while_there_are_edits(handlers, record):
    said = handlers.follow(*fields(record, edits=EDITS))
    assert passes(handlers, said) == (["with gates", "gates at 1", "edited"], "intact")
    assert set(said) == {handlers.parts.arm}  # what is shown stays
    gone = handlers.follow(*fields(record, arm="edited", edits=History()))
    assert passes(handlers, gone) == (["with gates", "gates at 1"], "intact")
    unedited = handlers.inspect(*fields(record))
    assert gone[handlers.parts.facts] == unedited[handlers.parts.facts]
    assert handlers.follow(*fields(None, edits=EDITS)) == gr.skip()


def test_the_pass_as_edited_follows_the_edits(handlers, record):
    said = handlers.follow(*fields(record, arm="edited", edits=EDITS))
    assert passes(handlers, said)[1] == "edited"
    facts = said[handlers.parts.facts]
    assert "In the pass “edited”: Channel 3 of SE_2_1" in facts
    assert "in this pass its gate is set to 0" in facts
    assert handlers.refresh(*fields(record, arm="edited", edits=EDITS))[handlers.parts.facts] == (
        facts
    )
    assert handlers.refresh(*fields(record, edits=EDITS)) == gr.skip()
    assert handlers.refresh(*fields(None, arm="edited", edits=EDITS)) == gr.skip()
    after = said[handlers.parts.after].data
    assert not np.asarray(after[0].z, float).any()


def test_nearest_classes_have_names_for_people(record):
    said = inspector_html.nearest(record, "SE_4_1")
    assert said.count("<tr") == 1 + inspector_html.NEAREST
    assert "n0" not in said


def test_without_reference_statistics_it_says_what_is_missing(record, monkeypatch):
    monkeypatch.setattr(inspector_html, "reference", lambda key: None)
    assert "python -m seviz profile" in inspector_html.nearest(record, "SE_4_1")


def test_nearest_classes_are_escaped_and_may_be_none(record, monkeypatch):
    near = [Likeness("<i>", 0.5)]
    monkeypatch.setattr(inspector_html, "block_likeness", lambda *args: near)
    assert "<i>" not in inspector_html.nearest(record, "SE_2_1")
    near.clear()
    assert "all classes have the same mean gates" in inspector_html.nearest(record, "SE_2_1")


def test_without_reference_statistics_gates_are_ranked_beside_the_column(record, monkeypatch):
    usual = inspector_html.moved(record, 1)
    assert "More open than usual" in usual
    assert "deviations" in usual
    monkeypatch.setattr(movers, "reference", lambda key: None)
    said = inspector_html.moved(record, 1)
    assert "Smallest gates" in said  # that they are more shut than 1 needs no saying
    assert "More shut" not in said
    assert "deviations" not in said
    assert '<th scope="col">gates at 1</th>' in said


def test_of_another_block_the_same_channel_is_shown_or_the_largest_gate(handlers, record, notices):
    p, channel = handlers.parts, handlers.asked.channel
    said = handlers.inspect(*fields(record, block="SE_3_1", channel=17))
    assert channel not in said  # what is typed meanwhile stays
    assert "Channel 17 of SE_3_1" in said[p.facts]
    said = handlers.inspect(*fields(record, block="SE_2_2", channel=200))
    largest = int(record.s["SE_2_2"][0].argmax())
    assert (said[channel], said[p.shown]) == (largest, ("SE_2_2", largest))
    assert f"Channel {largest} of SE_2_2" in said[p.facts]
    assert not notices
    assert handlers.inspect(*fields(record, channel=200)) == gr.skip()
    assert len(notices) == 1


def test_a_gate_that_is_clicked_before_the_network_has_answered_is_shown_with_the_answer(
    record, notices
):
    first = first_answer("embedded")
    with gr.Blocks():
        early = Handlers(lay_out_asked("embedded", first), lay_out("embedded", first))
    q, clicked = early.asked, SimpleNamespace(_data={"name": "SE_4_6", "channel": 17})
    assert early.click(clicked, *fields(None)) == {q.block: "SE_4_6", q.channel: 17}
    assert "shows this gate in a moment" in notices.pop()
    arrived = early.arrive(*fields(record, block="SE_4_6", channel=17))
    assert q.channel not in arrived  # the fields name it, whatever is clicked meanwhile
    names = [site.name for site in record.sites]
    assert arrived[q.block].constructor_args == {"choices": names}  # as the channel
    for data in (None, {"name": "SE_9_9", "channel": 3}, {"name": "SE_4_6", "channel": None}):
        assert early.click(SimpleNamespace(_data=data), *fields(None)) == gr.skip()
    assert early.click(clicked, *fields(None, target=3)) == gr.skip()  # after an hour
    assert len(notices) == 4


def test_a_gate_that_another_page_wants_is_shown_once_its_network_has_answered(handlers, record):
    q = handlers.asked
    wanted = fields(record, wanted=Sought("embedded", "SE_4_6", 17))
    arrived = handlers.arrive(*wanted)
    assert (arrived[q.block].value, arrived[q.channel]) == ("SE_4_6", 17)
    assert handlers.find(*wanted)[q.channel] == 17
    assert arrived[q.wanted] is handlers.find(*wanted)[q.wanted] is None
    other = fields(record, wanted=Sought("lab_vgg_se", "SE_4_2", 17))
    for now in (other, fields(record)):  # an answer of before, or as the other page is just asked
        assert q.wanted not in handlers.arrive(*now)
        assert q.channel not in handlers.arrive(*now)
        assert handlers.find(*now) == gr.skip()


def test_a_gate_that_the_network_lacks_gives_way_to_the_most_telling(handlers, record):
    q = handlers.asked
    for lacks in ({"block": "SE_9_9"}, {"channel": 900}, {"block": None}):
        arrived = handlers.arrive(*fields(record, **lacks))
        assert (arrived[q.block].value, arrived[q.channel]) == telling_gate(record)


def test_where_a_slower_answer_shows_another_gate_than_the_fields_name_theirs_is_shown(
    handlers, record
):
    p = handlers.parts
    for other in ({"block": "SE_3_2"}, {"channel": 5}):
        said = handlers.settle(False, *fields(record, **other))
        assert said[p.shown] == (other.get("block", "SE_2_1"), other.get("channel", 3))
        assert f"Channel {said[p.shown].channel} of {said[p.shown].site}" in said[p.facts]
    assert handlers.settle(False, *fields(record)) == gr.skip()
    assert handlers.settle(False, *fields(record, shown=None)) == gr.skip()
    assert p.drivers in handlers.settle(True, *fields(record))
