"""The tab “Surgery”: edits of gates, and what the network says with them."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.context import Context

from seviz.errors import UserError
from seviz.figures.atlas import channel_at
from seviz.gates.grammar import arm_text, edit_text
from seviz.gates.history import (
    Edits,
    History,
    apply_switches,
    blocks,
    check_edit,
    misfits,
    parse_edits,
    stages,
)
from seviz.records.arms import Edit, Rule
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.explore.surgery import alpha
from seviz.ui.explore.surgery.layout import NUMBERED, Parts, lay_out
from seviz.ui.explore.surgery.results import Results, gates_of
from seviz.ui.parts.navigation import SURGERY
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import OFF, Asked

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
        self.asked, self.parts, self.tabs = asked, parts, tabs
        self.results = Results(parts)

    def arrive(
        self, record: Trace | None, opened: str, history: History, off: str, act: str
    ) -> Any:
        """Show a new trace where the tab is open; else only put the last one's results away."""
        if opened == SURGERY:
            return self.open(record, False, history, off, act)
        return self.results.put_away()

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
            said = self.results.operated(record, history)
        except REFUSALS as error:
            notify(error)
            return self.results.put_away()
        intact = gates_of(record, 0, record)
        return {
            **said,
            **self.results.offered(record, history, off=off, act=act),
            self.parts.intact: intact,
        }

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
            return history.apply(*_edits(act, value, place=name, channels=str(channel)))

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
            return history.apply(*_edits(act, value, place=place or "all", channels=named))

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
        return self._operate(
            record, history, lambda: history.replace(parse_edits(text or "intact"))
        )

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
            history = History().replace(parse_edits(text))
        except UserError as error:
            return notify(error)
        gr.Info(
            f"This link brings edits of gates: {arm_text(history.edits)}. They are applied to the "
            "photograph that you upload."
        )
        return {
            self.parts.history: history,
            self.asked.open: SURGERY,
            self.tabs: gr.Tabs(selected=SURGERY),
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
            return history.replace(
                apply_switches(history.edits, sites, groups(sites), ticked=ticked, off=rule)
            )

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
                check_edit(edit, record.sites, reference(record.model) is not None)
            return self.results.operated(record, changed)
        except REFUSALS as error:
            notify(error)
            return self.results.controls(record, history)


def _edits(act: str, value: float | None, *, place: str, channels: str) -> Edits:
    """Read what an act does to channels of a place by the one grammar; UserError where it can't."""
    if act in NUMBERED and value is None:
        raise UserError(f"To {act} a gate, write a number beside it, such as 0.5.")
    rule = Rule(act, value or 0.0) if act in NUMBERED else Rule("set" if act == "silence" else act)
    where = f"{place}[{channels}]" if channels else place
    return parse_edits(where + edit_text(Edit(rule, place)).removeprefix(place))


def _connect(q: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> tuple[Any, Any]:
    """Connect events to handlers; returns those that a new trace and an opened tab set off."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Each edit starts from what the one before it made: none may be lost, and none overtaken.
    in_turn = {
        **quiet,
        "trigger_mode": "multiple",
        "concurrency_limit": 1,
        "concurrency_id": SURGERY,
    }
    results = p.results
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
