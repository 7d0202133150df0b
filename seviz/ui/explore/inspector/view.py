"""The inspector: one gate at a time, whatever tab it was selected in."""

from collections.abc import Iterable
from typing import Any

import gradio as gr
from gradio.context import Context
from markupsafe import Markup

from seviz.answers import chart_sources
from seviz.errors import UserError
from seviz.figures.inspector import channel_figures
from seviz.records.arms import INTACT, Arm
from seviz.records.target import Gate
from seviz.records.trace import FeatureMaps, Trace
from seviz.ui.explore.inspector import html as inspector_html
from seviz.ui.explore.inspector.asked import Fields
from seviz.ui.explore.inspector.layout import Parts, pass_choices
from seviz.ui.explore.inspector.passes import driven_figures, gate_maps, silenced
from seviz.ui.parts.fields import clicked_gate, kept_channel, named_block, named_channel
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked, edited_arm, followed, off_arm, row_of

# Marks the selected gate in every plot.
MARK_JS = """(name, channel) => {
  if (!name || channel === null) return;
  window.seviz.selected = { name, channel };
  window.dispatchEvent(new CustomEvent("seviz:select"));
}"""
# Does so, and keeps the gate in the address.
KEEP_JS = f"""(name, channel) => {{
  ({MARK_JS})(name, channel);
  if (name && channel !== null) window.seviz.keep({{ gate: `${{name}}[${{channel}}]` }});
}}"""
# Where the inspector is a sheet, a gate that another page asked for brings it up. It is here now.
OPEN_JS = """() => {
  const sheet = document.querySelector("#inspector").classList;
  sheet.add("open");
  sheet.remove("busy");
}"""
# The gate that was clicked is here: it is dimmed no longer.
DONE_JS = "() => document.querySelector('#inspector').classList.remove('busy')"
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What the inspector does; each takes `Fields` and returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts) -> None:
        self.asked, self.parts = asked, parts

    def arrive(self, *fields: Any) -> Any:
        """Choose the gate of a new trace: what another page wants, what was open, or the first.

        `inspect` then shows it. The fields are filled only where they hold another gate, so that a
        click meanwhile is not undone.
        """
        now = Fields(*fields)
        if now.record is None:  # it was put away after an hour
            return gr.skip()
        block, channel = now.first(now.record)
        names = [site.name for site in now.record.sites]
        there = (now.block, now.channel) == (block, channel)
        return {
            self.asked.block: gr.Dropdown(names) if there else gr.Dropdown(names, value=block),
            **({} if there else {self.asked.channel: channel}),
            **self.rank(*now),
            **({self.asked.wanted: None} if now.asked_for else {}),
        }

    def find(self, *fields: Any) -> Any:
        """Show the gate that another page wants, once; `arrive` shows that of a network to come."""
        now = Fields(*fields)
        wanted = now.asked_for
        if wanted is None:
            return gr.skip()
        done = {self.asked.wanted: None}
        if not wanted.block:
            return done
        said = self._select(now._replace(block=wanted.block, channel=wanted.channel))
        return done if said == gr.skip() else said | done

    def click(self, event: gr.EventData, *fields: Any) -> Any:
        """Select the gate under a click; of a block alone, the channel that was selected."""
        now = Fields(*fields)
        if now.record is None:
            return self._later(event) if now.target is None else notify(GONE)
        try:
            site, clicked = clicked_gate(event, now.record)
        except UserError as error:
            return notify(error)
        if clicked is None:
            clicked = kept_channel(now.channel, now.record.s[site.name][0])
        return self._select(now._replace(block=site.name, channel=clicked))

    def _later(self, event: gr.EventData) -> Any:
        """Name a gate that is clicked before the network has answered: `arrive` then shows it."""
        data = event._data if isinstance(event._data, dict) else {}
        block, channel, first = data.get("name"), data.get("channel"), self.asked.first
        if first is None or block not in first.blocks or type(channel) is not int:
            return notify(GONE)
        gr.Info("The network is just being opened: its answer shows this gate in a moment.")
        return {self.asked.block: block, self.asked.channel: channel}

    def inspect(self, *fields: Any) -> Any:
        """Show the gate of the Block and Channel fields; what is typed there meanwhile stays.

        Of another block than before, the same channel, or the largest gate if it has no such.
        """
        now = Fields(*fields)
        if now.channel is None:  # the field was emptied, to be filled again
            return gr.skip()
        if now.record is None or now.block is None:
            return notify(GONE)
        try:
            site, channel = named_block(now.record, now.block), now.channel
            if now.shown is None or site.name != now.shown.site:
                channel = kept_channel(channel, now.record.s[site.name][0])
            said = self._gate(now.record, site.name, named_channel(site, channel), now=now)
            return said if channel == now.channel else {self.asked.channel: channel} | said
        except REFUSALS as error:  # its network may have been put away, and can't be had again
            return notify(error)

    def rank(self, *fields: Any) -> Any:
        """Name the passes, and list the gates that moved most, by the column that is compared."""
        now = Fields(*fields)
        if now.record is None:
            return gr.skip()
        row = row_of(now.record, now.off)
        return {
            self.parts.movers: inspector_html.moved(now.record, row),
            self.parts.arm: _passes(now.record, now),
        }

    def follow(self, *fields: Any) -> Any:
        """Offer the pass as edited in “Surgery” while there are edits; if shown, show it anew."""
        now = Fields(*fields)
        if now.record is None:
            return gr.skip()
        shown = self.inspect(*now) if now.arm == "edited" else gr.skip()
        offered = {self.parts.arm: _passes(now.record, now)}
        return offered if shown == gr.skip() else shown | offered

    def refresh(self, *fields: Any) -> Any:
        """Show the pass as edited anew: of a click that edits, either answer may come first."""
        now = Fields(*fields)
        return self.inspect(*now) if now.record and now.arm == "edited" else gr.skip()

    def settle(self, unfolded: bool, *fields: Any) -> Any:
        """Show the gate of the fields where a slower answer shows another; else what is folded."""
        now = Fields(*fields)
        if now.shown and now.shown != (now.block, now.channel):
            return self.inspect(*now)
        return self.deepen(unfolded, *now)

    def unfold(self, *fields: Any) -> Updates:
        """Show what is folded away, now and of each gate that is selected."""
        said: Updates = self.deepen(True, *fields)
        return {self.parts.unfolded: True} | ({} if said == gr.skip() else said)

    def fold(self) -> Updates:
        """Work it out no more."""
        return {self.parts.unfolded: False}

    def deepen(self, unfolded: bool, *fields: Any) -> Any:
        """Show what drives the selected gate, and where it stands among the reference images."""
        now = Fields(*fields)
        record, block, channel = now.record, now.block, now.channel
        if not unfolded or record is None or block is None:
            return gr.skip()
        try:
            site = named_block(record, block)
            channel = named_channel(site, channel)
            drawn = driven_figures(record, block, channel)
        except REFUSALS as error:
            return notify(error)
        updates = {
            self.parts.drivers: drawn.drivers,
            self.parts.places: drawn.percentiles,
            self.parts.nearest: inspector_html.nearest(record, block),
        }
        return with_source(updates, chart_sources.of_gate(record, Gate(block, channel)))

    def _select(self, now: Fields) -> Any:
        """Show a gate, and name it in the Block and Channel fields."""
        said = self.inspect(*now)
        chosen = {self.asked.block: now.block, self.asked.channel: now.channel}
        return said if said == gr.skip() else chosen | said

    def _gate(self, record: Trace, block: str, channel: int, *, now: Fields) -> Updates:
        """Draw a channel of the pass that is shown."""
        p = self.parts
        shown = now.shown_arm(record)
        maps = gate_maps(record, block, channel, arm=shown)
        figures = channel_figures(maps, channel, record.seen, small=True)
        updates = {
            p.facts: self._facts(record, maps, channel, shown=shown, target=now.target),
            p.before: figures.before,
            p.after: figures.after,
            p.gates: figures.gates,
            p.shown: Gate(block, channel),
        }
        return with_source(updates, chart_sources.of_trace(record))

    def _facts(
        self, record: Trace, maps: FeatureMaps, channel: int, *, shown: Arm, target: Any
    ) -> Markup:
        """Say what a gate is; of the network as trained also what would be without it."""
        if shown != INTACT:
            return inspector_html.gate_in_arm(maps, channel, shown)
        return inspector_html.gate_with_picture(
            record,
            maps,
            channel,
            target=followed(record, target),
            silenced=silenced(record, maps.site.name, channel),
        )


def _passes(record: Trace, now: Fields) -> gr.Radio:
    """Offer the passes by the names of what is done in them."""
    edited = edited_arm(record, now.edits) is not None
    choices = pass_choices(off_arm(record, now.off), edited=edited)
    kept = now.arm in [name for _, name in choices]
    return gr.Radio(choices, value=now.arm if kept else "intact")


def connect(q: Asked, p: Parts, handlers: Handlers, *, views: Iterable[Any]) -> None:
    """Connect events to handlers; views: the components of all tabs in which gates are selected."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    latest = {**quiet, "trigger_mode": "always_last"}
    gate = [q.block, q.channel]
    drawn = [q.channel, p.facts, p.before, p.after, p.gates, p.shown]
    known = [q.record, p.arm, q.arm, q.target, q.block, q.channel, q.wanted, q.edits, p.shown]
    chosen = [q.block, q.channel, q.wanted, p.movers, p.arm]
    q.record.change(handlers.arrive, known, chosen, **latest).then(
        handlers.inspect, known, drawn, **latest
    )
    clicks = [view.select for view in (*views, p.movers)]
    selected = gr.on(
        clicks, handlers.click, known, [q.block, *drawn], trigger_mode="multiple", **quiet
    )
    clicked = selected.then(None, js=DONE_JS, api_visibility="private")
    q.wanted.change(handlers.find, known, [q.block, *drawn, q.wanted], **quiet).then(
        None, js=OPEN_JS, api_visibility="private"
    )
    # One listener, so that fields which people fill quickly are answered in turn.
    fields = [q.block.input, q.channel.submit, q.channel.blur]
    changed = [*fields, p.arm.input, q.choice.change]
    gr.on(changed, handlers.inspect, known, drawn, **latest)
    q.choice.change(handlers.rank, known, [p.movers, p.arm], **latest)
    edited = q.edits.change(handlers.follow, known, [*drawn, p.arm], **latest)
    for event in (clicked, edited):  # in turn, so that the last one knows of both
        event.then(
            handlers.refresh, known, drawn, concurrency_limit=1, concurrency_id="edited", **quiet
        )
    gr.on([q.block.change, q.channel.change], None, gate, js=KEEP_JS, **quiet)
    Context.root_block.load(None, gate, js=MARK_JS, **quiet)
    p.deeper.expand(handlers.unfold, known, [p.unfolded, *p.of_deeper], **latest)
    p.deeper.collapse(handlers.fold, None, [p.unfolded], **quiet)
    settled = [*drawn, *p.of_deeper]
    p.facts.change(handlers.settle, [p.unfolded, *known], settled, **latest)
