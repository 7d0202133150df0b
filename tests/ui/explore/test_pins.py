"""Pinned gates under the atlas, without a browser."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from photos import disc
from PIL import Image

from seviz.answers.channels import percentile
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.explore.gates import pins
from seviz.ui.explore.gates.pins import Handlers, PinCards, Pinned, cards

FOUR = Pinned("embedded", (("SE_2_1", 3), ("SE_2_1", 5), ("SE_3_1", 0), ("SE_5_3", 17)))


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(gr.State(Pinned()), PinCards(), gr.HTML())


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), [INTACT])


def click(**data: object) -> SimpleNamespace:
    return SimpleNamespace(_data=data)


def test_the_selected_gate_is_pinned_behind_the_others(handlers, record):
    said = handlers.pin("gates", record, "SE_2_1", 3, Pinned())
    assert said[handlers.pinned] == Pinned("embedded", (("SE_2_1", 3),))
    said = handlers.pin("gates", record, "SE_3_1", 0, said[handlers.pinned])
    assert said[handlers.pinned].gates == (("SE_2_1", 3), ("SE_3_1", 0))
    assert said[handlers.shown].count('class="pin"') == 2
    assert said[handlers.link] == '<a href="#pins">Pinned: 2, under the atlas ↓</a>'


def test_a_gate_that_is_pinned_out_of_sight_is_told(handlers, record, notices):
    handlers.pin("gates", record, "SE_2_1", 3, Pinned())
    assert not notices
    assert handlers.pin("surgery", record, "SE_2_1", 3, Pinned())[handlers.pinned].gates
    assert notices == ["SE_2_1[3] is pinned: the tab Gates shows it under the atlas."]


def test_a_gate_is_pinned_once_and_a_fifth_gets_a_sentence(handlers, record, notices):
    assert handlers.pin("gates", record, "SE_3_1", 0, FOUR) == gr.skip()
    assert notices == ["SE_3_1[0] is pinned: the tab Gates shows it under the atlas."]
    notices.clear()
    assert handlers.pin("gates", record, "SE_3_1", 1, FOUR) == gr.skip()
    assert notices == ["4 gates are pinned already; take one away (×) before you pin another."]


@pytest.mark.parametrize(
    ("block", "channel", "says"),
    [
        ("SE_2_1", 64, "SE_2_1 has the channels 0 to 63; choose one."),
        ("SE_2_1", None, "SE_2_1 has the channels 0 to 63; choose one."),
        ("SE_9_9", 0, "There is no block “SE_9_9” here; did you mean SE_5_3 or SE_5_2 or SE_5_1?"),
    ],
)
def test_a_gate_that_does_not_exist_gets_a_sentence(
    handlers, record, notices, block, channel, says
):
    assert handlers.pin("gates", record, block, channel, Pinned()) == gr.skip()
    assert notices == [says]


def test_before_any_photograph_there_is_nothing_to_pin(handlers, notices):
    assert handlers.pin("gates", None, None, 0, Pinned()) == gr.skip()
    assert handlers.unpin(click(name="SE_2_1", channel=3), None, FOUR) == gr.skip()
    assert ["upload it (again)" in text for text in notices] == [True, True]
    assert handlers.arrive(None, FOUR) == gr.skip()


def test_a_card_has_a_gates_numbers_and_its_two_maps(record):
    told = cards(record, (("SE_3_1", 7),))
    usual = reference("embedded").blocks["SE_3_1"].s_mean[7]
    place = percentile(record, "SE_3_1", 7)
    for name, value in (
        ("s", f"{record.s['SE_3_1'][0, 7]:.3f}"),
        ("usual s", f"{usual:.3f}"),
        ("percentile", f"{place:.0f}"),
        ("z", f"{record.z['SE_3_1'][0, 7]:.3f}".replace("-", "−")),
    ):
        assert f"<dt>{name}</dt><dd>{value}</dd>" in told
    assert told.count("data:image/png") == 2
    assert 'data-name="SE_3_1" data-channel="7"' in told
    assert 'data-unpin="SE_3_1" data-of="7"' in told


def test_what_is_not_known_of_a_gate_is_left_out(record, monkeypatch):
    monkeypatch.setattr(pins, "reference", lambda key: None)
    told = cards(record, (("SE_3_1", 7),))
    assert "usual s" not in told
    assert "percentile" not in told
    assert "<dt>z</dt>" in told
    unsqueezed = ask(trace, "lab_resnet_nosqueeze", disc(), [INTACT])
    assert "<dt>z</dt>" not in cards(unsqueezed, ((unsqueezed.sites[0].name, 0),))
    assert cards(record, ()) == ""


def test_each_block_is_run_once(record, monkeypatch):
    asked: list[str] = []

    def counted(task, model, image, name):
        asked.append(name)
        return ask(task, model, image, name)

    monkeypatch.setattr(pins, "ask", counted)
    cards(record, FOUR.gates)
    assert asked == ["SE_2_1", "SE_3_1", "SE_5_3"]


def test_one_gate_is_taken_away(handlers, record):
    said = handlers.unpin(click(name="SE_2_1", channel=5), record, FOUR)
    assert said[handlers.pinned].gates == (FOUR.gates[0], *FOUR.gates[2:])
    assert said[handlers.shown] == cards(record, said[handlers.pinned].gates)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "SE_2_1", "channel": 4},
        {"name": "SE_2_1", "channel": None},
        {"name": "SE_9_9", "channel": 3},
        {"name": "SE_2_1", "channel": "0; drop"},
    ],
)
def test_a_forged_click_takes_nothing_away(handlers, record, notices, data):
    assert handlers.unpin(click(**data), record, FOUR) == gr.skip()
    assert notices == ["That click named no gate; click a cell."]


def test_a_new_photograph_has_the_same_gates_and_another_network_none(handlers, record):
    other = ask(trace, "embedded", Image.new("RGB", (64, 64), "teal"), [INTACT])
    said = handlers.arrive(other, FOUR)
    assert said[handlers.pinned] == FOUR
    assert said[handlers.shown] == cards(other, FOUR.gates)
    assert said[handlers.shown] != cards(record, FOUR.gates)
    laboratory = ask(trace, "lab_resnet_tanh", disc(), [INTACT])
    assert handlers.arrive(laboratory, FOUR) == {
        handlers.pinned: Pinned(),
        handlers.shown: "",
        handlers.link: "",
    }
    assert handlers.arrive(record, Pinned()) == gr.skip()
    first = laboratory.sites[0].name
    said = handlers.pin("gates", laboratory, first, 0, FOUR)  # the other network's are gone by then
    assert said[handlers.pinned] == Pinned("lab_resnet_tanh", ((first, 0),))


def test_a_network_that_cant_be_had_leaves_no_pins(handlers, record, notices):
    gone = replace(record, model="seresnet50.a1_in1k")
    said = handlers.arrive(gone, replace(FOUR, model="seresnet50.a1_in1k"))
    assert said == {handlers.pinned: Pinned(), handlers.shown: "", handlers.link: ""}
    assert "not on this machine" in notices[0]


def test_maps_of_nothing_are_drawn_too(record):
    dark = replace(record, image=np.zeros_like(record.image))
    assert cards(dark, (("SE_2_1", 0),)).count("data:image/png") == 2


def test_clients_are_told_that_cards_are_html():
    assert PinCards("").api_info() == {"type": "string", "description": "HTML"}
