"""The section “Edit it”: the gate's own edit among those of the tab “Surgery”."""

from functools import partial
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.errors import UserError
from seviz.gates.grammar import MAX_NUMBER, arm_text
from seviz.gates.history import History, check_edit
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.surgery import html as surgery_html
from seviz.ui.gate.chosen import Shown, trace_of
from seviz.ui.gate.dimming import drawn_gate
from seviz.ui.gate.edit.layout import ACTS, REMOVE, Parts
from seviz.ui.parts import html
from seviz.ui.parts.navigation import EXPLORE, SURGERY
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.state import Asked, Sought, fitting_edits
from seviz.words.gate_page import NO_PHOTOGRAPH, edited_words
from seviz.zoo.catalogue import find

SET = "set"
# The tab of a page that is just being opened.
TO_SURGERY = """() => {
  document.querySelector('#tabs [data-tab-id="surgery"]')?.click();
  document.querySelector('#tabs')?.scrollIntoView({ block: 'nearest' });
}"""
NO_NUMBER = UserError("To set a gate, write a number beside it, such as 0.5.")
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What the section does, as plain functions; each returns {component: value}, or gr.skip().

    shown: the state that says what the page shows, the edits among it.
    """

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs, *, shown: gr.State) -> None:
        self.asked, self.parts, self.pages, self.shown = asked, parts, pages, shown

    def show(
        self, shown: Shown | None, record: Trace | None, edits: History | None, before: Any
    ) -> Any:
        """Tell the edits of the gate that the page shows, and what the network answers with all."""
        here = None if shown is None else shown._replace(target=None)
        if here == before:
            return gr.skip()
        p, trace = self.parts, None if shown is None else trace_of(shown.model, record)
        if shown is None or trace is None:
            emptied: Updates = dict.fromkeys([p.told, p.answers], html.NOTHING)
            told = {p.edited: here, p.of: drawn_gate(shown)}
            return emptied | told | {p.remove: gr.Button(interactive=False)}
        try:
            return self._told(trace, shown, edits or History())
        except REFUSALS as error:
            return notify(error)

    def edit(
        self,
        act: str,
        shown: Shown | None,
        record: Trace | None,
        edits: History | None,
        value: Any,
    ) -> Any:
        """Give the gate an edit of its own in place of the last, or none; tell what it changes."""
        if shown is None:
            return gr.skip()
        trace, history = trace_of(shown.model, record), edits or History()
        try:
            if trace is None:
                raise UserError(NO_PHOTOGRAPH.format(title=find(shown.model).title))
            kept = tuple(edit for edit in history.edits if not _is_own(edit, shown.gate))
            if act != REMOVE:
                made = Edit(_rule(act, value), shown.block, _channels(shown.gate))
                check_edit(made, trace.sites, reference(trace.model) is not None)
                kept = (*kept, made)
            changed = history.replace(kept)
            shown = shown._replace(edits=arm_text(changed.edits))
            news = {self.asked.edits: changed, self.shown: shown}
            return self._told(trace, shown, changed) | news
        except REFUSALS as error:
            return notify(error)

    def open(self, shown: Shown | None) -> Any:
        """Open the tab “Surgery”, where the gate of the page is the selected one."""
        opened = {self.pages: gr.Tabs(selected=EXPLORE)}
        if shown is None:
            return opened
        wanted = Sought(shown.model, *shown.gate)
        return opened | {self.asked.wanted: wanted, self.asked.moved: None}

    def _told(self, trace: Trace, shown: Shown, history: History) -> Updates:
        """Tell the gate's edit; of any edits at all, also what the network answers with them."""
        p, fitting = self.parts, fitting_edits(trace, history)
        own = next((edit for edit in fitting if _is_own(edit, shown.gate)), None)
        others = len(fitting) - (own is not None)
        return {
            p.acts["mean"]: gr.Button(visible=reference(trace.model) is not None),
            p.remove: gr.Button(interactive=own is not None),
            p.told: html.facts(edited_words(own, others)),
            p.answers: _answers(trace, fitting) if fitting else html.NOTHING,
            p.edited: shown._replace(target=None),
            p.of: drawn_gate(shown),
        }


def _answers(trace: Trace, edits: tuple[Edit, ...]) -> Markup:
    """Ask the network with edits, and set its answers beside those as trained."""
    from seviz.passes.forward import retrace

    arms = [INTACT, Arm(arm_text(edits), edits)]
    recorded = recorded_for(trace.model, arms)
    return surgery_html.answers(ask(retrace, trace.model, trace.image, arms, recorded=recorded))


def _channels(gate: Gate) -> tuple[tuple[int, int], ...]:
    return ((gate.channel, gate.channel + 1),)


def _is_own(edit: Edit, gate: Gate) -> bool:
    """Tell whether an edit is of this one gate alone."""
    return (edit.place, edit.channels) == (gate.site, _channels(gate))


def _rule(act: str, value: Any) -> Rule:
    """Return the rule of a button; UserError where its number is none."""
    if act != SET:
        return Rule(*ACTS[act][1])
    if not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:
        raise NO_NUMBER
    return Rule("set", float(value))


def connect(handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    q, p, shown = handlers.asked, handlers.parts, handlers.shown
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    seen = [shown, q.record, q.edits, p.edited]
    shown.change(handlers.show, seen, p.outputs, trigger_mode="always_last", **quiet)
    # Each edit starts from what the one before it made, as in the tab itself.
    in_turn = {**quiet, "trigger_mode": "multiple", "concurrency_limit": 1}
    in_turn["concurrency_id"] = SURGERY
    changes = [q.edits, shown, *p.outputs]
    fields = [shown, q.record, q.edits, p.value]
    for act, button in p.acts.items():
        button.click(partial(handlers.edit, act), fields, changes, **in_turn)
    gr.on([p.set.click, p.value.submit], partial(handlers.edit, SET), fields, changes, **in_turn)
    p.remove.click(partial(handlers.edit, REMOVE), fields, changes, **in_turn)
    opened = [handlers.pages, q.wanted, q.moved]
    p.surgery.click(handlers.open, [shown], opened, **quiet).then(
        None, js=TO_SURGERY, api_visibility="private"
    )
