"""What the tab “Surgery” shows of a trace and its edits."""

from typing import Any
from urllib.parse import urlencode

import gradio as gr

from seviz.answers.trace import TOPK
from seviz.figures.atlas import atlas
from seviz.figures.gates import gate_scale
from seviz.gates.grammar import arm_text
from seviz.gates.history import (
    History,
    blocks,
    blocks_as_trained,
    stages,
)
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace
from seviz.records.arms import INTACT, Arm
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.surgery.layout import ACTS, Parts
from seviz.ui.parts import html
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}


class Results:
    """The tab's updates, each {component: value}."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def put_away(self) -> Updates:
        """Take the last trace's results away."""
        p = self.parts
        return {p.drawn: False, p.answers: "", p.intact: None, p.edited: None}

    def operated(self, record: Trace, history: History) -> Updates:
        """Ask the edited network beside the intact one."""
        arms = [INTACT, Arm(arm_text(history.edits), history.edits)]
        recorded = recorded_for(record.model, arms)
        both = ask(retrace, record.model, record.image, arms, recorded=recorded)
        p = self.parts
        return {
            p.drawn: True,
            p.answers: html.edited_answers(both, find(record.model).title, TOPK),
            p.edited: gates_of(both, 1, record),
            **self.controls(record, history),
        }

    def offered(self, record: Trace, history: History, *, off: str, act: str) -> Updates:
        """Offer what the network has: its rules, stages and blocks."""
        p, known = self.parts, reference(record.model) is not None
        acts = [(said, name) for said, name in ACTS.items() if name != "static" or known]
        on_stages, on_blocks = self._ticked(record, history)
        places, names = list(stages(record.sites)), list(blocks(record.sites))
        ticks = f"ticked as trained, unticked with {off}"
        return {
            p.act: gr.Radio(acts, value=act if known or act != "static" else "silence"),
            p.place: gr.Dropdown(["all", *places, *names], value="all"),
            p.stages: gr.CheckboxGroup(
                places, value=on_stages, label=f"Stages: {ticks}", visible=bool(places)
            ),
            p.blocks: gr.CheckboxGroup(names, value=on_blocks, label=f"Blocks: {ticks}"),
        }

    def _ticked(self, record: Trace, history: History) -> tuple[list[str], list[str]]:
        """List the stages and the blocks that are as trained."""
        on = blocks_as_trained(history.edits, record.sites)
        of_stages, of_blocks = (
            [place for place, names in groups(record.sites).items() if names <= on]
            for groups in (stages, blocks)
        )
        return of_stages, of_blocks

    def controls(self, record: Trace, history: History) -> Updates:
        """Let every field say what the edits are."""
        p, text = self.parts, arm_text(history.edits)
        on_stages, on_blocks = self._ticked(record, history)
        link = f"?{urlencode({'model': record.model, 'edit': text})}"
        return {
            p.history: history,
            p.text: text,
            p.edits: html.edits(history.edits, link),
            p.stages: on_stages,
            p.blocks: on_blocks,
            p.undo: gr.Button(interactive=bool(history.done)),
            p.redo: gr.Button(interactive=bool(history.undone)),
            p.reset: gr.Button(interactive=bool(history.edits)),
        }


def gates_of(drawn: Trace, arm: int, record: Trace) -> Any:
    """Draw the gates as an arm applied them; both atlases are on the scale of one trace."""
    scale = gate_scale(record)
    return atlas(drawn, arm=arm, show="applied", sort="channel", scale=scale)
