import gradio as gr

from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.dimming import asked_js, drawn_gate, lay_out_drawn


def test_a_gate_is_told_apart_by_its_network_and_name_alone():
    shown = Shown("embedded", "SE_4_6", 17, "statistics", answered=3, target=4, edits="x")
    assert drawn_gate(shown) == "embedded SE_4_6[17]"
    assert drawn_gate(None) == ""


def test_elements_are_named_to_the_browser():
    with gr.Blocks():
        told = lay_out_drawn("gate-facts", "gate-images")
    assert 'const ids = ["gate-facts", "gate-images"];' in told.js_on_load
    assert "IDS" not in told.js_on_load
    assert told.value == ""


def test_a_step_asks_for_any_other_gate_and_the_fields_for_theirs():
    assert "gateAsked(1 ? null : " in asked_js(1)
    assert "gateAsked(-1 ? null : " in asked_js(-1)
    assert "gateAsked(0 ? null : " in asked_js(0)
