"""The tab “Surgery”: edits of gates, and what the network says with them."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.context import Context

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, edit_text
from seviz.gates.history import (
    Edits,
    History,
    check_edit,
    misfits,
    parse_edits,
    switch_place,
)
from seviz.records.arms import Edit, Rule
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui import address
from seviz.ui.address import Address
from seviz.ui.explore.surgery import alpha
from seviz.ui.explore.surgery import html as surgery_html
from seviz.ui.explore.surgery.layout import NUMBERED, Parts, lay_out
from seviz.ui.explore.surgery.results import Results, gates_of
from seviz.ui.parts.fields import NO_GATE, clicked_gate
from seviz.ui.parts.navigation import SURGERY
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, off_arm
from seviz.zoo import catalogue

Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab) -> list[Any]:
    """Lay the tab out in the current gr.Tab and connect it; returns where gates are selected."""
    with gr.Column(elem_id="surgery"):
        parts = lay_out(asked.edits)
        arrived, opened = _connect(asked, parts, tab, Handlers(asked, parts, tab.parent))
        alpha.build(asked, arrived, opened)
    return [parts.atlas]


class Handlers:
    """What the tab does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked, parts: Parts, tabs: gr.Tabs) -> None:
        self.asked, self.parts, self.tabs = asked, parts, tabs
        self.results = Results(parts)

    def arrive(
        self, record: Trace | None, opened: str, history: History, side: str, off: str, act: str
    ) -> Any:
        """Show a new trace where the tab is open; else only put the last one's results away."""
        if opened == SURGERY:
            return self.open(record, None, history, side, off, act)
        return self.results.put_away()

    def open(
        self,
        record: Trace | None,
        both: Trace | None,
        history: History,
        side: str,
        off: str,
        act: str,
    ) -> Any:
        """Show the current trace, unless it is here; edits that don't fit its network go."""
        if record is None or both is not None:
            return gr.skip()
        known = reference(record.model) is not None
        if unfit := misfits(history.edits, record.sites, known):
            edit, why = next(iter(unfit.items()))
            others = f", and {len(unfit) - 1} more with it" if len(unfit) > 1 else ""
            notify(UserError(f"{why} “{edit_text(edit)}” is left out{others}."))
        history = history.keep(lambda edit: not misfits((edit,), record.sites, known))
        try:
            said = self.results.operated(record, history, side)
        except REFUSALS as error:
            notify(error)
            return self.results.put_away()
        return {**said, **self.results.offered(record, off=off, act=act)}

    def follow(
        self,
        record: Trace | None,
        both: Trace | None,
        opened: str,
        history: History,
        side: str,
    ) -> Any:
        """Show edits that were made elsewhere: at once where the tab is open, else once it is."""
        if record is None or (both is not None and both.arms[1].edits == history.edits):
            return gr.skip()
        if opened == SURGERY and both is not None:
            return self._operate(record, history, side, lambda: history)
        return self.results.put_away() | self.results.controls(record, history)

    def draw(self, record: Trace | None, both: Trace | None, side: str) -> Any:
        """Show other gates of the shown trace in the atlas; no pass is needed."""
        if record is None or both is None:
            return notify(GONE)
        return {self.parts.atlas: gates_of(both, record, side)}

    def click(
        self,
        event: gr.EventData,
        record: Trace | None,
        history: History,
        side: str,
        act: str,
        value: float | None,
    ) -> Any:
        """Edit the channel under a click on the atlas; a client's data is not to be trusted.

        Arrow keys, which come here too, only select.
        """
        if isinstance(event._data, dict) and event._data.get("moved"):
            return gr.skip()

        def edited() -> History:
            assert record is not None
            site, channel = clicked_gate(event, record)
            if channel is None:
                raise NO_GATE
            return history.apply(*_edits(act, value, place=site.name, channels=str(channel)))

        return self._operate(record, history, side, edited)

    def apply(
        self,
        record: Trace | None,
        history: History,
        side: str,
        act: str,
        value: float | None,
        place: str | None,
        channels: str | None,
    ) -> Any:
        """Edit the channels that are named in the fields; none named: all of the place."""

        def edited() -> History:
            named = (channels or "").strip().strip("[]").strip()
            return history.apply(*_edits(act, value, place=place or "all", channels=named))

        return self._operate(record, history, side, edited)

    def switch(
        self, event: gr.EventData, record: Trace | None, history: History, side: str, off: str
    ) -> Any:
        """Switch the stage or block of a box, off by what the compared column does to gates."""

        def edited() -> History:
            assert record is not None
            data = event._data if isinstance(event._data, dict) else {}
            rule = None if data.get("on") is True else off_arm(record, off).edits[0].rule
            place = str(data.get("place"))
            return history.replace(switch_place(history.edits, record.sites, place, off=rule))

        return self._operate(record, history, side, edited)

    def explain_boxes(self, record: Trace | None, off: str) -> Any:
        """Say what unticking a box does, after another column was chosen to compare with."""
        if record is None:
            return gr.skip()
        return {self.parts.off_help: surgery_html.switches_help(off_arm(record, off))}

    def write(self, record: Trace | None, history: History, side: str, text: str | None) -> Any:
        """Put the edits that are written in the text field in place of all others."""
        return self._operate(
            record, history, side, lambda: history.replace(parse_edits(text or "intact"))
        )

    def undo(self, record: Trace | None, history: History, side: str) -> Any:
        """Go a step back."""
        return self._operate(record, history, side, history.undo)

    def redo(self, record: Trace | None, history: History, side: str) -> Any:
        """Take the last undoing back."""
        return self._operate(record, history, side, history.redo)

    def reset(self, record: Trace | None, history: History, side: str) -> Any:
        """Take all edits away."""
        return self._operate(record, history, side, history.reset)

    def link(self, request: gr.Request) -> Any:
        """Take the edits from the page's address; open this tab where it names no other."""
        said = Address.read(request.query_params)
        if not said.edit:
            return gr.skip()
        try:
            updates = self._noted(History().replace(parse_edits(said.edit)))
        except UserError as error:
            return notify(error)
        if not said.tab:
            updates |= {self.asked.open: SURGERY, self.tabs: gr.Tabs(selected=SURGERY)}
        return updates

    def return_to(
        self,
        event: gr.EventData,
        record: Trace | None,
        history: History,
        side: str,
    ) -> Any:
        """Take the edits that the address says after people went back or forward.

        A trace that is yet to come, of another network, is drawn when it arrives.
        """
        said = Address.read(event._data if isinstance(event._data, dict) else {})
        try:
            returned = history.replace(parse_edits(said.edit or "intact"))
            shown = record and (not said.model or catalogue.find(said.model).key == record.model)
        except UserError as error:
            return notify(error)
        if returned == history:
            return gr.skip()
        if not shown:
            return self._noted(returned)
        return self._operate(record, history, side, lambda: returned)

    def _noted(self, history: History) -> Updates:
        """Note edits that are shown later, with the trace that is yet to come."""
        return {self.parts.history: history, self.parts.text: arm_text(history.edits)}

    def _operate(
        self, record: Trace | None, history: History, side: str, change: Callable[[], History]
    ) -> Any:
        """Make a change and show what comes of it; where it can't be, the last result stays."""
        if record is None:
            return notify(GONE)
        try:
            changed = change()
            for edit in changed.edits:
                check_edit(edit, record.sites, reference(record.model) is not None)
            return self.results.operated(record, changed, side)
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
    everything = [*results, p.act, p.place, p.off_help, p.text_help]
    shown = [p.history, p.side, q.arm, p.act]
    arrived = q.record.change(handlers.arrive, [q.record, q.open, *shown], everything, **in_turn)
    opened = tab.select(handlers.open, [q.record, p.both, *shown], everything, **in_turn)
    p.side.input(handlers.draw, [q.record, p.both, p.side], [p.atlas], **in_turn)
    edits: list[tuple[Any, Any, list[Any]]] = [
        (p.atlas.select, handlers.click, [p.act, p.value]),
        (p.apply.click, handlers.apply, [p.act, p.value, p.place, p.channels]),
        (p.channels.submit, handlers.apply, [p.act, p.value, p.place, p.channels]),
        (p.boxes.select, handlers.switch, [q.arm]),
        (p.text.submit, handlers.write, [p.text]),
        (p.undo.click, handlers.undo, []),
        (p.redo.click, handlers.redo, []),
        (p.reset.click, handlers.reset, []),
        (q.returned.select, handlers.return_to, []),
    ]
    edited = [q.record, p.both, q.open, p.history, p.side]
    elsewhere = p.history.change(handlers.follow, edited, results, **in_turn)
    here = [q.record, p.history, p.side]
    made = [event(handle, [*here, *given], results, **in_turn) for event, handle, given in edits]
    for event in (arrived, opened, elsewhere, *made):
        address.keep(event.then, "edit", p.text, usual="intact")
    q.choice.change(handlers.explain_boxes, [q.record, q.arm], [p.off_help], **quiet)
    p.act.input(lambda act: gr.Number(visible=act in NUMBERED), p.act, p.value, **quiet)
    linked = [p.history, p.text, q.open, handlers.tabs]
    Context.root_block.load(handlers.link, None, linked, **quiet)
    return arrived, opened
