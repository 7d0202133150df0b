"""The section “Over many images”, without a browser."""

import gradio as gr
import pytest
from made_data_set import made_data_set

from seviz.answers.gate import one_gate
from seviz.reference import gather
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.images import html as gate_html
from seviz.ui.gate.images.layout import lay_out
from seviz.ui.gate.images.view import Handlers


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out())


@pytest.fixture
def made(monkeypatch):
    """Make made statistics, of two blocks, those of the embedded network."""
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    made = made_data_set()
    gather.set_reference(*made[1:])
    return made


def test_the_gate_is_drawn_once(handlers, made):
    shown, p = Shown("embedded", "SE_2_2", 3, "x", answered=1, edits="intact"), handlers.parts
    said = handlers.show(shown, None, None)
    assert said[p.images].count("<table") == 3
    assert said[p.missing] == ""
    assert "z and s of this channel have the correlation" in said[p.claim]
    assert "of the images" in said[p.facts]
    assert said[p.classes].data
    for chart in (p.classes, p.spread, p.scatter):
        assert "90 images · seviz exemplars --model embedded " in said[chart].layout.meta["source"]
    assert set(said) == set(p.outputs)
    drawn = said[p.drawn]
    other_photo = shown._replace(answered=2, target=7, edits="SE_2_2[3]=0")
    assert handlers.show(other_photo, None, drawn) == gr.skip()
    assert handlers.show(shown._replace(channel=2), None, drawn)[p.drawn].channel == 2


@pytest.mark.parametrize(
    "shown", [Shown("seresnet50.a1_in1k", "layer1.0.se", 0), Shown("embedded", "SE_9_9", 0, "x")]
)
def test_without_statistics_one_sentence_says_what_makes_them(handlers, made, shown):
    said, p = handlers.show(shown, None, None), handlers.parts
    assert said[p.missing].count("python -m seviz profile") == 1
    assert said[p.classes] is None
    assert said[p.images] == said[p.hint] == ""
    assert set(said) == set(p.outputs)


def test_of_no_gate_nothing_is_left(handlers):
    said = handlers.show(None, None, Shown("embedded", "SE_2_2", 3, "x"))
    assert said[handlers.parts.missing] == ""
    assert said[handlers.parts.classes] is None is said[handlers.parts.drawn]
    assert handlers.show(None, None, None) == gr.skip()


def test_images_at_hand_are_shown_and_names_are_escaped(made):
    _, profile, images = made
    found = one_gate(profile, images, ("SE_2_1", 0), names={"cat": "<b>cat</b>"})
    name = found.largest[0].image
    said = gate_html.exemplars(found, {name: "data:image/jpeg;base64,AAAA"})
    assert said.count("data:image/jpeg;base64,AAAA") == 1
    assert "<h3>Largest gate</h3>" in said
    assert "<b>" not in said
