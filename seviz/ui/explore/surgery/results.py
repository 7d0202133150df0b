"""What the tab “Surgery” shows of a trace and its edits."""

from dataclasses import replace
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.trace import TOPK
from seviz.figures.atlas import atlas
from seviz.figures.gates import gate_scale
from seviz.figures.style import sourced
from seviz.gates.grammar import arm_text
from seviz.gates.history import History, stages
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT, Arm
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.surgery import html as surgery_html
from seviz.ui.explore.surgery.layout import Parts, acts, text_help
from seviz.ui.parts import columns, html
from seviz.ui.state import off_arm
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}


class Results:
    """The tab's updates, each {component: value}."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def put_away(self) -> Updates:
        """Take the last trace's results away."""
        p = self.parts
        return {p.both: None, p.answers: "", p.table: "", p.atlas: None}

    def operated(self, record: Trace, history: History, side: str) -> Updates:
        """Ask the edited network beside the intact one."""
        from seviz.passes.forward import retrace

        arms = [INTACT, Arm(arm_text(history.edits), history.edits)]
        recorded = recorded_for(record.model, arms)
        both = ask(retrace, record.model, record.image, arms, recorded=recorded)
        p, title = self.parts, find(record.model).title
        return {
            p.both: both,
            p.answers: surgery_html.answers(both),
            p.table: (
                columns.table(both, title, TOPK)
                if history.edits
                else html.facts("Nothing is edited: both columns are the same.")
            ),
            p.atlas: gates_of(both, record, side),
            **self.controls(record, history),
        }

    def offered(self, record: Trace, *, off: str, act: str) -> Updates:
        """Offer what the network has: its rules, stages and blocks."""
        p, known = self.parts, reference(record.model) is not None
        choices = acts(known)
        kept = act if act in [name for _, name in choices] else "silence"
        places = ["all", *stages(record.sites), *(site.name for site in record.sites)]
        return {
            p.act: gr.Radio(choices, value=kept),
            p.place: gr.Dropdown(places, value="all"),
            p.off_help: surgery_html.switches_help(off_arm(record, off)),
            p.text_help: html.hint(text_help(known)),
        }

    def controls(self, record: Trace, history: History) -> Updates:
        """Let every field say what the edits are."""
        p = self.parts
        return {
            p.history: history,
            p.text: arm_text(history.edits),
            p.edits: surgery_html.edits(history.edits),
            p.boxes: surgery_html.switches(history.edits, record.sites),
            p.undo: gr.Button(interactive=bool(history.done)),
            p.redo: gr.Button(interactive=bool(history.undone)),
            p.reset: gr.Button(interactive=bool(history.edits)),
        }


def gates_of(both: Trace, record: Trace, side: str) -> Any:
    """Draw the gates as a pass applied them, or their difference, on one scale for all edits."""
    drawn = atlas(
        both,
        arm=0 if side == "with" else 1,
        show="applied",
        difference=side == "difference",
        scale=gate_scale(record),
    )
    return sourced(drawn, chart_sources.of_trace(replace(both, photo=record.photo)))
