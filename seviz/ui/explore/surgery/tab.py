"""The tab “Surgery”: edits of gates, and what the network says with them."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.context import Context

from seviz.answers.export import TOPK
from seviz.errors import UserError
from seviz.figures.atlas import atlas, channel_at
from seviz.figures.gates import gate_scale
from seviz.gates.grammar import arm_text, edit_text
from seviz.gates.history import (
    Edits,
    History,
    as_trained,
    blocks,
    check,
    misfits,
    read,
    stages,
    switched,
)
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.gates import alpha
from seviz.ui.explore.layout import OFF, Asked
from seviz.ui.explore.surgery.layout import ACTS, NUMBERED, Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.zoo import catalogue

NAME = "surgery"  # the tab's id
Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab) -> None:
    """Lay the tab out inside the current gr.Tab and connect it."""
    parts = lay_out(asked.edits)
    arrived, opened = _connect(asked, parts, tab, Handlers(asked, parts, tab.parent))
    alpha.build(asked, arrived, opened)


class Handlers:
    """What the tab does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked, parts: Parts, tabs: gr.Tabs) -> None:
        """Know the components; tabs: what the tab is one of."""
        self.asked, self.parts, self.tabs = asked, parts, tabs

    def arrive(
        self, record: Trace | None, opened: str, history: History, off: str, act: str
    ) -> Any:
        """Show a new trace where the tab is open; else only put the last one's results away."""
        if opened == NAME:
            return self.open(record, False, history, off, act)
        return self._put_away()

    def open(self, record: Trace | None, drawn: bool, history: History, off: str, act: str) -> Any:
        """Show the current trace, unless it is here; edits that don't fit its network go."""
        if record is None or drawn:
            return gr.skip()
        known = reference(record.model) is not None
        if unfit := misfits(history.edits, record.sites, known):
            edit, why = next(iter(unfit.items()))
            others = f", and {len(unfit) - 1} more with it" if len(unfit) > 1 else ""
            notify(UserError(f"{why} “{edit_text(edit)}” is left out{others}."))
        history = history.keep(lambda edit: not misfits((edit,), record.sites, known))
        try:
            said = self._operated(record, history)
        except REFUSALS as error:
            notify(error)
            return self._put_away()
        intact = _atlas(record, 0, record)
        return {**said, **self._offered(record, history, off, act), self.parts.intact: intact}

    def click(
        self,
        event: gr.EventData,
        record: Trace | None,
        history: History,
        act: str,
        value: float | None,
    ) -> Any:
        """Edit the channel under a click on either atlas; a client's data is not to be trusted."""

        def edited() -> History:
            assert record is not None
            try:
                name, place = event._data["name"], event._data["position"]
                channel = channel_at(record, name, place, arm=0, show="s", sort="channel")
            except (KeyError, IndexError, TypeError, ValueError):
                raise UserError("That click named no channel; click a cell.") from None
            return history.apply(*_edits(act, value, name, str(channel)))

        return self._operate(record, history, edited)

    def apply(
        self,
        record: Trace | None,
        history: History,
        act: str,
        value: float | None,
        place: str | None,
        channels: str | None,
    ) -> Any:
        """Edit the channels that are named in the fields; none named: all of the place."""

        def edited() -> History:
            named = (channels or "").strip().strip("[]").strip()
            return history.apply(*_edits(act, value, place or "all", named))

        return self._operate(record, history, edited)

    def switch_stages(
        self, record: Trace | None, history: History, ticked: list[str], off: str
    ) -> Any:
        """Switch the stages whose tick has changed."""
        return self._switch(record, history, stages, ticked, off)

    def switch_blocks(
        self, record: Trace | None, history: History, ticked: list[str], off: str
    ) -> Any:
        """Switch the blocks whose tick has changed."""
        return self._switch(record, history, blocks, ticked, off)

    def write(self, record: Trace | None, history: History, text: str | None) -> Any:
        """Put the edits that are written in the text field in place of all others."""
        return self._operate(record, history, lambda: history.replace(read(text or "intact")))

    def undo(self, record: Trace | None, history: History) -> Any:
        """Go a step back."""
        return self._operate(record, history, history.undo)

    def redo(self, record: Trace | None, history: History) -> Any:
        """Take the last undoing back."""
        return self._operate(record, history, history.redo)

    def reset(self, record: Trace | None, history: History) -> Any:
        """Take all edits away."""
        return self._operate(record, history, history.reset)

    def link(self, request: gr.Request) -> Any:
        """Take the edits from the page's address, as a link brings them, and open this tab."""
        text = request.query_params.get("edit")
        if not text:
            return gr.skip()
        try:
            history = History().replace(read(text))
        except UserError as error:
            return notify(error)
        gr.Info(
            f"This link brings edits of gates: {arm_text(history.edits)}. They are applied to the "
            "photograph that you upload."
        )
        return {
            self.parts.history: history,
            self.asked.open: NAME,
            self.tabs: gr.Tabs(selected=NAME),
        }

    def _switch(
        self,
        record: Trace | None,
        history: History,
        groups: Callable[[Sequence[Site]], dict[str, frozenset[str]]],
        ticked: list[str],
        off: str,
    ) -> Any:
        """Switch to what the ticks say, off by what “off” means on the page."""
        rule = OFF[off].edits[0].rule

        def edited() -> History:
            assert record is not None
            sites = record.sites
            return history.replace(switched(history.edits, sites, groups(sites), ticked, rule))

        return self._operate(record, history, edited)

    def _operate(
        self, record: Trace | None, history: History, change: Callable[[], History]
    ) -> Any:
        """Make a change and show what comes of it; where it can't be, the last result stays."""
        if record is None:
            return notify(GONE)
        try:
            changed = change()
            for edit in changed.edits:
                check(edit, record.sites, reference(record.model) is not None)
            return self._operated(record, changed)
        except REFUSALS as error:
            notify(error)
            return self._controls(record, history)

    def _put_away(self) -> Updates:
        p = self.parts
        return {p.drawn: False, p.answers: "", p.intact: None, p.edited: None}

    def _operated(self, record: Trace, history: History) -> Updates:
        """Ask the edited network beside the intact one."""
        arms = [INTACT, Arm(arm_text(history.edits), history.edits)]
        recorded = recorded_for(record.model, arms)
        both = ask(retrace, record.model, record.image, arms, recorded)
        p = self.parts
        return {
            p.drawn: True,
            p.answers: html.edited(both, catalogue.title(record.model), TOPK),
            p.edited: _atlas(both, 1, record),
            **self._controls(record, history),
        }

    def _offered(self, record: Trace, history: History, off: str, act: str) -> Updates:
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
        on = as_trained(history.edits, record.sites)
        of_stages, of_blocks = (
            [place for place, names in groups(record.sites).items() if names <= on]
            for groups in (stages, blocks)
        )
        return of_stages, of_blocks

    def _controls(self, record: Trace, history: History) -> Updates:
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


def _atlas(drawn: Trace, arm: int, record: Trace) -> Any:
    """Draw the gates as an arm applied them; both atlases are on the scale of one trace."""
    scale = gate_scale(record)
    return atlas(drawn, arm=arm, show="applied", sort="channel", scale=scale)


def _edits(act: str, value: float | None, place: str, channels: str) -> Edits:
    """Read what an act does to channels of a place by the one grammar; UserError where it can't."""
    if act in NUMBERED and value is None:
        raise UserError(f"To {act} a gate, write a number beside it, such as 0.5.")
    rule = Rule(act, value or 0.0) if act in NUMBERED else Rule("set" if act == "silence" else act)
    where = f"{place}[{channels}]" if channels else place
    return read(where + edit_text(Edit(rule, place)).removeprefix(place))


def _connect(q: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> tuple[Any, Any]:
    """Connect events to handlers; returns those that a new trace and an opened tab set off."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Each edit starts from what the one before it made: none may be lost, and none overtaken.
    in_turn = {**quiet, "trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": NAME}
    controls = [p.history, p.text, p.edits, p.stages, p.blocks, p.undo, p.redo, p.reset]
    results = [*controls, p.drawn, p.answers, p.edited]
    everything = [*results, p.act, p.place, p.intact]
    shown = [p.history, q.off, p.act]
    arrived = q.record.change(handlers.arrive, [q.record, q.open, *shown], everything, **in_turn)
    opened = tab.select(handlers.open, [q.record, p.drawn, *shown], everything, **in_turn)
    here = [q.record, p.history]
    gr.on(
        [p.intact.select, p.edited.select],
        handlers.click,
        [*here, p.act, p.value],
        results,
        **in_turn,
    )
    gr.on(
        [p.apply.click, p.channels.submit],
        handlers.apply,
        [*here, p.act, p.value, p.place, p.channels],
        results,
        **in_turn,
    )
    p.stages.input(handlers.switch_stages, [*here, p.stages, q.off], results, **in_turn)
    p.blocks.input(handlers.switch_blocks, [*here, p.blocks, q.off], results, **in_turn)
    p.text.submit(handlers.write, [*here, p.text], results, **in_turn)
    for button, handler in (
        (p.undo, handlers.undo),
        (p.redo, handlers.redo),
        (p.reset, handlers.reset),
    ):
        button.click(handler, here, results, **in_turn)
    p.act.input(lambda act: gr.Number(visible=act in NUMBERED), p.act, p.value, **quiet)
    Context.root_block.load(handlers.link, None, [p.history, q.open, handlers.tabs], **quiet)
    return arrived, opened
