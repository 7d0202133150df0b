"""What is still of the gate before is dimmed until it is of the gate that is shown.

The browser dims it (`parts/gate_dimming.js`); what is told here is of which gate things are.
"""

import json

import gradio as gr

from seviz.ui.gate.chosen import Shown

DRAWN_JS = """
const ids = IDS;
const tell = () => window.seviz.gateDrawn(ids, props.value || "");
tell();
watch("value", tell);
"""
# A gate is asked for by the page's own fields, the third and fourth value, or beside the present.
ASKED_JS = """(...values) => {
  window.seviz.gateAsked(STEP ? null : `${values[2]}[${values[3]}]`);
  return values;
}"""


def lay_out_drawn(*ids: str) -> gr.HTML:
    """Make the component, which nobody sees, whose value says of which gate elements are.

    ids: of the elements.
    """
    return gr.HTML(
        "",
        html_template="<span></span>",
        js_on_load=DRAWN_JS.replace("IDS", json.dumps(ids)),
        visible="hidden",
    )


def drawn_gate(shown: Shown | None) -> str:
    """Return a network's key and its gate, as the browser tells gates apart; "" for none."""
    return "" if shown is None else f"{shown.model} {shown.name}"


def asked_js(step: int) -> str:
    """Return what the browser does when the fields name a gate, or one `step` beside it."""
    return ASKED_JS.replace("STEP", str(step))
