"""The section “On this photograph”, without a browser."""

from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from photos import disc

from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import feature_maps, trace
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.ui.explore.inspector import passes
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.photo import view
from seviz.ui.gate.photo.layout import lay_out
from seviz.ui.gate.photo.view import Handlers

SHOWN = Shown("embedded", "SE_3_2", 5, "x", answered=1, target=3, edits="intact")


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), [INTACT])


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out())


def test_the_gate_is_told_with_what_it_does_to_the_class_that_is_followed(handlers, record):
    p = handlers.parts
    said = handlers.tell(SHOWN, record, None)
    assert "Channel 5 of SE_3_2: squeezed to z = " in said[p.facts]
    assert "For other photographs it is" in said[p.facts] or "hardly ever" in said[p.facts]
    assert f"the logit of {record.labels[3]}" in said[p.facts]
    assert said[p.there].visible
    assert set(said) == set(p.of_facts)
    told = said[p.told]
    assert handlers.tell(SHOWN._replace(edits="SE_3_2[5]=0"), record, told) == gr.skip()
    other = handlers.tell(SHOWN._replace(target=4), record, told)
    assert f"the logit of {record.labels[4]}" in other[p.facts]


def test_u_and_the_places_are_of_one_pass(handlers, record):
    p = handlers.parts
    said = handlers.picture(SHOWN, record, None)
    maps = ask(feature_maps, "embedded", record.image, "SE_3_2")
    drawn = np.asarray(said[p.before].data[0].z, np.float32)
    assert drawn == pytest.approx(maps.u[5], abs=1e-6)
    gated = np.asarray(said[p.after].data[0].z, np.float32)
    assert gated == pytest.approx(maps.gated_channel(5), abs=1e-6)
    assert said[p.places].data
    assert "SE_3_2[5]" in said[p.where]
    assert set(said) == set(p.of_pictures)
    kept = said[p.pictured]
    assert handlers.picture(SHOWN._replace(target=9, edits="x"), record, kept) == gr.skip()


def test_where_nothing_is_squeezed_there_are_no_places_to_show(handlers, record, monkeypatch):
    site = replace(record.site("SE_3_2"), squeezed=False)
    bare = replace(record, sites=tuple(site if s.name == site.name else s for s in record.sites))
    said, p = handlers.picture(SHOWN, bare, None), handlers.parts
    assert "Nothing is squeezed in SE_3_2" in said[p.where]
    assert said[p.before].data
    assert said[p.places] is None


def test_what_drives_the_gate_is_drawn(handlers, record, monkeypatch):
    p = handlers.parts
    said = handlers.drive(SHOWN, record, None)
    assert "s<sub>5</sub>" in said[p.drivers].layout.xaxis.title.text
    assert "channel 5" in said[p.percentiles].layout.annotations[0].text
    for chart in (p.drivers, p.percentiles):
        assert " --gate 'SE_3_2[5]'" in said[chart].layout.meta["source"]
    assert set(said) == set(p.of_drivers)
    assert handlers.drive(SHOWN, record, said[p.driven]) == gr.skip()
    monkeypatch.setattr(passes, "block_percentiles", lambda record, block: None)
    assert handlers.drive(SHOWN, record, None)[p.percentiles] is None


@pytest.mark.parametrize("shown", [SHOWN._replace(model="twin"), None])
def test_without_an_answer_it_says_what_to_do(handlers, record, shown):
    p = handlers.parts
    said = handlers.tell(shown, record, SHOWN)
    assert ("has answered no photograph yet" in said[p.missing]) == (shown is not None)
    assert not said[p.there].visible
    assert handlers.picture(shown, record, SHOWN)[p.before] is None
    assert handlers.drive(shown, record, SHOWN)[p.drivers] is None


def test_a_network_that_cannot_be_had_is_one_sentence(handlers, record, notices, monkeypatch):
    def refuse(*args: object, **options: object) -> None:
        raise UserError("It is gone.")

    for name in ("ask", "gate_maps", "driven_figures"):
        monkeypatch.setattr(view, name, refuse)
    for handler in (handlers.tell, handlers.picture, handlers.drive):
        assert handler(SHOWN, record, None) == gr.skip()
    assert notices == 3 * ["It is gone."]
