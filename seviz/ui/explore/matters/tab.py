"""The tab “What matters”: which blocks and which channels an answer hangs on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from seviz.analysis.channels import drivers, effects
from seviz.answers.channels import (
    block_diagnosis,
    block_likeness,
    block_percentiles,
    percentile,
)
from seviz.answers.necessity import replace_blocks
from seviz.errors import UserError
from seviz.figures.effects import channel_in, drivers_chart, effects_map, percentile_chart
from seviz.figures.necessity import necessity_chart
from seviz.passes.dispatch import ask
from seviz.records.analysis import Effects
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.explore.matters import html as matters_html
from seviz.ui.explore.matters.layout import NO_REFERENCE, Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.fields import kept_channel, named_block, named_channel
from seviz.ui.parts.navigation import MATTERS
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.ui.state import OFF, Asked, off_choices
from seviz.words.matters import diagnosis_words, gate_facts, necessity_words

NEAREST = 5  # classes
SORT = "value"  # of the map: a block's strongest gates stand at the ends of its row
Updates = dict[Any, Any]  # {component: value}

COMPUTING = "Asking the network again, without each block’s gates …"
FAILED = "This could not be computed; open this tab again to retry."


@dataclass(frozen=True, eq=False)
class Shown:
    """What the tab shows: the photograph's trace, what replaced the gates, and their effects."""

    record: Trace
    rule: str
    effects: Effects


def build(asked: Asked, tab: gr.Tab) -> None:
    """Lay the tab out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(asked, parts, tab, Handlers(asked, parts))


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts) -> None:
        self.asked, self.parts = asked, parts

    def weigh(
        self,
        event: gr.EventData,
        opened: str,
        record: Trace | None,
        rule: Any,
        target: Any,
        shown: Shown | None,
    ) -> Iterator[Any]:
        """Show what matters for a trace's answer, if the tab is open and does not show it yet.

        Another photograph or network starts from its first answer. Each step repeats what the
        steps before it said, as a busy browser draws only the last.
        """
        elsewhere = event.target is self.asked.record and opened != MATTERS
        if record is None or elsewhere:
            yield gr.skip()
            return
        fresh = shown is None or not shown.record.is_of_same_photo(record)
        rule, target = _question(record, rule, target, shown)
        if shown and not fresh and (shown.rule, shown.effects.target.index) == (rule, target):
            yield gr.skip()
            return
        said: Updates = {}
        if fresh:
            said = self._asked(record, rule, target)
            yield said
        try:
            said = said | self._needed(record, rule, target)
            yield said
            found = shown.effects if shown and not fresh else None
            if found is None or found.target.index != target:
                found = ask(effects, record.model, record.image, target=target)
                said = said | self._effects(record, found)
            yield said | {self.parts.shown: Shown(record, rule, found)}
        except REFUSALS as error:
            yield notify(error)
            if fresh:
                yield said | {self.parts.headline: html.headline(FAILED, waiting=True)}

    def click(self, event: gr.EventData, shown: Shown | None) -> Any:
        """Open the channel under a click on the map; a client's data is not to be trusted."""
        if shown is None:
            return notify(GONE)
        try:
            name, place = event._data["name"], event._data["position"]
            channel = channel_in(shown.effects.first_order, name, place, sort=SORT)
        except (KeyError, IndexError, TypeError, ValueError):
            return notify(UserError("That click named no channel; click a cell."))
        return self._opened(shown, name, channel)

    def inspect(self, block: str | None, channel: Any, shown: Shown | None) -> Any:
        """Open the channel of the Block and Channel fields."""
        if channel is None:  # the field was emptied, to be filled again
            return gr.skip()
        if shown is None or block is None:
            return notify(GONE)
        try:
            channel = named_channel(named_block(shown.record, block), channel)
        except UserError as error:
            return notify(error)
        return self._opened(shown, block, channel)

    def enter(self, block: str | None, channel: Any, shown: Shown | None) -> Any:
        """Open a block at the channel that was open, or at its strongest if it has no such."""
        found = shown.effects.first_order.get(block) if shown and block else None
        opened = channel if found is None else kept_channel(channel, abs(found))
        return self.inspect(block, opened, shown)

    def _opened(self, shown: Shown, block: str, channel: int) -> Any:
        try:
            return self._gate(shown.record, shown.effects, block, channel)
        except REFUSALS as error:  # its network was put away, and can't be had again
            return notify(error)

    def _asked(self, record: Trace, rule: str, target: int) -> Updates:
        """Offer what a network can be asked, and take away what another photograph led to."""
        p = self.parts
        ranked = record.top(0, len(record.labels))
        names = [site.name for site in record.sites]
        return {
            p.headline: html.headline(COMPUTING, waiting=True),
            p.rule: gr.Dropdown(off_choices(record.model), value=rule),
            p.target: gr.Dropdown([(a.label, a.index) for a in ranked], value=target),
            p.block: gr.Dropdown(names, value=names[0]),
            p.diagnoses: matters_html.diagnoses(
                (site, block_diagnosis(record, site.name)) for site in record.sites
            ),
            p.shown: None,
            **dict.fromkeys([p.blocks, p.effects, p.drivers, p.places]),
            **dict.fromkeys([p.top, p.facts, p.nearest], ""),
        }

    def _needed(self, record: Trace, rule: str, target: int) -> Updates:
        replaced_by = OFF[rule].edits[0].rule
        found = replace_blocks(record.model, record.image, replaced_by, target=target)
        return {
            self.parts.headline: html.headline(necessity_words(found)),
            self.parts.blocks: necessity_chart(found),
        }

    def _effects(self, record: Trace, found: Effects) -> Updates:
        """Show the effects of all gates, and open the strongest."""
        p, first = self.parts, found.top[0]
        places = {
            (e.site, e.channel): place
            for e in found.top
            if (place := percentile(record, e.site, e.channel)) is not None
        }
        return {
            p.effects: effects_map(found, sort=SORT),
            p.top: matters_html.top_channels(found, places),
            **self._gate(record, found, first.site, first.channel),
        }

    def _gate(self, record: Trace, found: Effects, block: str, channel: int) -> Updates:
        """Show what drives one gate, and where it and its block stand."""
        p, s, places = self.parts, record.s[block][0], block_percentiles(record, block)
        driven = ask(drivers, record.model, block, record.z[block][0], channel=channel)
        place = None if places is None else float(places[channel])
        said = [gate_facts(found, driven, s=float(s[channel]), place=place)]
        if (diagnosis := block_diagnosis(record, block)).verdict:
            said.append(diagnosis_words(diagnosis))
        return {
            p.block: block,
            p.channel: channel,
            p.facts: html.facts(" ".join(said)),
            p.drivers: drivers_chart(driven) if np.nan_to_num(driven.jacobian).any() else None,
            p.places: None if places is None else percentile_chart(block, places, channel),
            p.nearest: _nearest(record, block),
        }


def _question(record: Trace, rule: Any, target: Any, shown: Shown | None) -> tuple[str, int]:
    """Take what was chosen where it fits the network; else the fairest rule, the first answer."""
    choices = off_choices(record.model)
    if rule not in choices or shown is None or shown.record.model != record.model:
        rule = choices[0]
    known = isinstance(target, int) and 0 <= target < len(record.labels)
    if not known or shown is None or not shown.record.is_of_same_photo(record):
        target = record.top(0, 1)[0].index
    return rule, target


def _nearest(record: Trace, block: str) -> str:
    """List the classes whose mean gates are most like this photograph's, by their names."""
    if reference(record.model) is None:
        return html.notice(NO_REFERENCE)
    near = block_likeness(record, block, NEAREST)
    return matters_html.nearest(block, [(known.label, known.likeness) for known in near])


def _connect(asked: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API.

    Whatever asks a question is one listener, so that questions are answered one after the other.
    """
    gr.on(
        [tab.select, asked.record.change, p.rule.input, p.target.input],
        handlers.weigh,
        [asked.open, asked.record, p.rule, p.target, p.shown],
        p.outputs,
        show_progress_on=[p.headline],
        trigger_mode="always_last",
        api_visibility="private",
    )
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    p.effects.select(handlers.click, [p.shown], p.of_gate, trigger_mode="multiple", **quiet)
    for events, opened in (
        ([p.block.input], handlers.enter),
        ([p.channel.submit, p.channel.blur], handlers.inspect),
    ):
        gr.on(
            events,
            opened,
            [p.block, p.channel, p.shown],
            p.of_gate,
            trigger_mode="always_last",
            **quiet,
        )
