"""The tab “Gates”: the atlas, the depth profile, and one channel at a time."""

from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.figures.atlas import atlas, channel_at
from seviz.figures.depth import depth_profile
from seviz.figures.inspector import channel_figures
from seviz.learn.story import telling_block
from seviz.passes.dispatch import ask
from seviz.passes.forward import feature_maps
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.gates.layout import Parts, atlas_section, depth_section, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.fields import kept_channel, named_block, named_channel
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import PASSES, Asked, Sought
from seviz.words.answers import channel_facts

# Scrolls to the channel, in the tab that has just been opened.
TO_CHANNEL = "() => document.querySelector('#block')?.scrollIntoView({block: 'center'})"
Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab) -> None:  # noqa: ARG001  # all tabs are built alike
    """Lay the tab out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(asked, parts, Handlers(asked, parts))


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts) -> None:
        self.asked, self.parts = asked, parts

    def arrive(
        self, record: Trace | None, show: str, sort: str, arm: str, sought: Sought | None
    ) -> Any:
        """Draw everything of a new trace; a gate is open: `_first`."""
        if record is None:  # it was put away after an hour
            return gr.skip()
        p, (block, channel) = self.parts, _first(record, sought)
        try:
            opened = self._channel(record, block, channel, arm)
        except REFUSALS as error:
            return notify(error)
        return {
            p.atlas_help: atlas_section(record.sites),
            p.depth_help: depth_section(record.sites),
            **self._overview(record, show=show, sort=sort, arm=arm),
            **opened,
            p.block: gr.Dropdown([site.name for site in record.sites], value=block),
            self.asked.sought: None,
        }

    def draw(self, record: Trace | None, show: str, sort: str, arm: str) -> Any:
        """Draw the atlas and the depth profile of the current trace anew."""
        if record is None:
            return notify(GONE)
        return self._overview(record, show=show, sort=sort, arm=arm)

    def click(
        self, event: gr.EventData, record: Trace | None, show: str, sort: str, arm: str
    ) -> Any:
        """Open the channel under a click on the atlas; a client's data is not to be trusted."""
        if record is None:
            return notify(GONE)
        try:
            name, place = event._data["name"], event._data["position"]
            row = PASSES.index(arm)
            channel = channel_at(record, name, place, arm=row, show=show, sort=sort)
        except (KeyError, IndexError, TypeError, ValueError):
            return notify(UserError("That click named no channel; click a cell."))
        return self._inspected(record, name, channel, arm)

    def inspect(self, record: Trace | None, block: str | None, channel: Any, arm: str) -> Any:
        """Open the channel of the Block and Channel fields."""
        if channel is None:  # the field was emptied, to be filled again
            return gr.skip()
        if record is None or block is None:
            return notify(GONE)
        try:
            channel = named_channel(named_block(record, block), channel)
        except UserError as error:
            return notify(error)
        return self._inspected(record, block, channel, arm)

    def enter(self, record: Trace | None, block: str | None, channel: Any, arm: str) -> Any:
        """Open a block at the channel that was open, or at its largest gate if it has no such."""
        gates = record.s.get(block) if record and block else None
        opened = channel if gates is None else kept_channel(channel, gates[0])
        return self.inspect(record, block, opened, arm)

    def find(self, record: Trace | None, sought: Sought | None, arm: str) -> Any:
        """Open the gate that is sought, once; a network that has yet to answer does it then."""
        if sought is None or record is None or record.model != sought.model:
            return gr.skip()
        said = self.inspect(record, sought.block, sought.channel, arm)
        done = {self.asked.sought: None}
        return done if said == gr.skip() else said | done

    def _overview(self, record: Trace, *, show: str, sort: str, arm: str) -> Updates:
        row = PASSES.index(arm)
        return {
            self.parts.atlas: atlas(record, arm=row, show=show, sort=sort),
            self.parts.depth: depth_profile(record, arm=row),
        }

    def _inspected(self, record: Trace, block: str, channel: int, arm: str) -> Any:
        try:
            return self._channel(record, block, channel, arm)
        except REFUSALS as error:  # its network was put away, and can't be had again
            return notify(error)

    def _channel(self, record: Trace, block: str, channel: int, arm: str) -> Updates:
        """Run the pass that is shown once more for one block's features, and draw a channel."""
        p = self.parts
        arm_shown = record.arms[PASSES.index(arm)]
        recorded = recorded_for(record.model, [arm_shown])
        maps = ask(
            feature_maps, record.model, record.image, block, arm=arm_shown, recorded=recorded
        )
        figures = channel_figures(maps, channel, record.seen)
        return {
            p.block: block,
            p.channel: channel,
            p.facts: html.facts(channel_facts(maps, channel)),
            p.before: figures.before,
            p.after: figures.after,
            p.gates: figures.gates,
        }


def _first(record: Trace, sought: Sought | None) -> tuple[str, int]:
    """Name the gate that is open at first: what is sought, or the most varied block's largest."""
    if sought and sought.model == record.model:
        return sought.block, sought.channel
    block = telling_block(record).name
    return block, int(record.s[block][0].argmax())


def _connect(q: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    latest = {**quiet, "trigger_mode": "always_last"}
    channel = p.of_channel
    everything = [p.atlas_help, p.depth_help, *p.overview, *channel, q.sought]
    seen = [q.record, *p.views]
    q.record.change(handlers.arrive, [*seen, q.sought], everything, **latest)
    gr.on([view.input for view in p.views], handlers.draw, seen, p.overview, **latest)
    p.atlas.select(handlers.click, seen, channel, trigger_mode="multiple", **quiet)
    q.sought.change(handlers.find, [q.record, q.sought, p.arm], [*channel, q.sought], **quiet).then(
        None, js=TO_CHANNEL, api_visibility="private"
    )
    place = [q.record, p.block, p.channel, p.arm]
    p.block.input(handlers.enter, place, channel, **latest)
    changed = [p.channel.submit, p.channel.blur, p.arm.input]
    gr.on(changed, handlers.inspect, place, channel, **latest)
