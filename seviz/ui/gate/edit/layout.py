"""What the section “Edit it” consists of."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.gate.dimming import lay_out_drawn
from seviz.ui.parts import html
from seviz.words.gate_page import EDIT_TEXT

REMOVE = "remove"
# What a button does to the gate: the rule of its edit, and its number.
ACTS: dict[str, tuple[str, tuple[str, float]]] = {
    "shut": ("Shut it (0)", ("set", 0.0)),
    "half": ("Halve it (× 0.5)", ("scale", 0.5)),
    "mean": ("Its mean", ("static", 0.0)),
    "open": ("Leave it open (1)", ("identity", 0.0)),
}


@dataclass(frozen=True)
class Parts:
    """The components of the section, from top to bottom.

    acts: the buttons of `ACTS`; edited: the `Shown` whose edits are told; of: says of which gate
    they are (`gate.dimming`).
    """

    acts: dict[str, gr.Button]
    value: gr.Number
    set: gr.Button
    remove: gr.Button
    surgery: gr.Button
    told: gr.HTML
    answers: gr.HTML
    edited: gr.State
    of: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """List what an edit changes, but for the edits themselves."""
        return [self.acts["mean"], self.remove, self.told, self.answers, self.edited, self.of]


def lay_out() -> Parts:
    """Lay out what can be done to the gate, and what the network answers then."""
    gr.HTML(html.section("Edit it", EDIT_TEXT))
    with gr.Row(elem_id="gate-acts"):
        acts = {
            name: gr.Button(title, size="sm", elem_id=f"gate-act-{name}", min_width=60)
            for name, (title, _) in ACTS.items()
        }
        value = gr.Number(0.5, label="Set it to", elem_id="gate-value", min_width=90)
        set_ = gr.Button("Set", size="sm", elem_id="gate-act-set", min_width=60)
        remove = gr.Button(
            "Remove the edit", size="sm", elem_id="gate-act-remove", interactive=False
        )
    told = gr.HTML(elem_id="gate-edit-told")
    answers = gr.HTML(elem_id="gate-edit-answers")
    surgery = gr.Button("All edits, in Surgery →", size="sm", elem_id="gate-surgery")
    return Parts(
        acts=acts,
        value=value,
        set=set_,
        remove=remove,
        surgery=surgery,
        told=told,
        answers=answers,
        edited=gr.State(),
        of=lay_out_drawn("gate-edit-told", "gate-edit-answers"),
    )
