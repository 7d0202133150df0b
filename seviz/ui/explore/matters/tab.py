"""The tab “What matters”: which blocks and which channels an answer hangs on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.channels import block_diagnosis, percentile
from seviz.answers.necessity import weigh_gates
from seviz.figures.effects import effects_map
from seviz.figures.necessity import necessity_chart
from seviz.passes.dispatch import ask
from seviz.records.analysis import Effects, Necessity
from seviz.records.arms import Rule
from seviz.records.target import class_of
from seviz.records.trace import Trace
from seviz.ui.explore.matters import html as matters_html
from seviz.ui.explore.matters.layout import Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.navigation import MATTERS
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.plot import with_source
from seviz.ui.state import Asked, followed, off_arm
from seviz.words.matters import diagnosis_words, gate_facts, lost_words, necessity_words

Updates = dict[Any, Any]  # {component: value}

COMPUTING = "Asking the network again, without each block’s gates …"
FAILED = "This could not be computed; open this tab again to retry."


@dataclass(frozen=True, eq=False)
class Shown:
    """What the tab shows: the photograph's trace, what replaced the gates, and what that did."""

    record: Trace
    rule: Rule
    effects: Effects
    needed: Necessity


def build(asked: Asked, tab: gr.Tab) -> list[Any]:
    """Lay the tab out inside the current gr.Tab; returns where gates are selected."""
    parts = lay_out(asked.weighed)
    _connect(asked, parts, tab, Handlers(asked, parts))
    return parts.views


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts) -> None:
        self.asked, self.parts = asked, parts

    def weigh(
        self,
        event: gr.EventData,
        opened: str,
        record: Trace | None,
        arm: Any,
        target: Any,
        unfolded: bool,
        shown: Shown | None,
    ) -> Iterator[Any]:
        """Show what matters for a trace's answer, if the tab is open and does not show it yet.

        Each step repeats what the steps before it said, as a busy browser draws only the last.
        """

        elsewhere = opened != MATTERS and event.target in self.asks
        if record is None or elsewhere:
            yield gr.skip()
            return
        fresh = shown is None or not shown.record.is_of_same_photo(record)
        rule, target = off_arm(record, arm).edits[0].rule, followed(record, target)
        if shown and not fresh and (shown.rule, class_of(shown.effects.target)) == (rule, target):
            yield gr.skip()
            return
        said: Updates = {}
        if fresh:
            said = self._emptied(record, unfolded)
            yield said
        try:
            known = shown.effects if shown and not fresh else None
            if known is not None and class_of(known.target) != target:
                known = None
            needed, found = weigh_gates(record, rule, target, known=known)
            said = said | self._needed(record, needed)
            if found is not known:
                said = said | self._effects(record, found)
            yield said | {self.parts.shown: Shown(record, rule, found, needed)}
        except REFUSALS as error:
            yield notify(error)
            if fresh:
                yield said | {self.parts.headline: html.headline(FAILED, waiting=True)}

    def unfold(self, record: Trace | None) -> Updates:
        """Diagnose all blocks, now and at each new trace."""
        diagnosed = {} if record is None else {self.parts.diagnoses: _diagnosed(record)}
        return {self.parts.unfolded: True, **diagnosed}

    def fold(self) -> Updates:
        """Diagnose no more."""
        return {self.parts.unfolded: False}

    @property
    def asks(self) -> list[Any]:
        """List what asks another question while the tab is open."""
        return [self.asked.record, self.asked.choice]

    def _emptied(self, record: Trace, unfolded: bool) -> Updates:
        """Take away what another photograph led to."""
        p = self.parts
        return {
            p.headline: html.headline(COMPUTING, waiting=True),
            p.diagnoses: _diagnosed(record) if unfolded else "",
            **dict.fromkeys([p.blocks, p.effects, p.shown]),
            **dict.fromkeys([p.strongest, p.top], ""),
        }

    def _needed(self, record: Trace, found: Necessity) -> Updates:
        updates = {
            self.parts.headline: html.headline(necessity_words(found)),
            self.parts.blocks: necessity_chart(found),
        }
        return with_source(updates, chart_sources.of_necessity(record, found))

    def _effects(self, record: Trace, found: Effects) -> Updates:
        """Show the effects of all gates, and speak of the strongest."""
        places = {
            (e.site, e.channel): place
            for e in found.top
            if (place := percentile(record, e.site, e.channel)) is not None
        }
        updates = {
            self.parts.strongest: _strongest(record, found),
            self.parts.effects: effects_map(found),
            self.parts.top: matters_html.top_channels(found, places),
        }
        return with_source(updates, chart_sources.of_effects(record, found))


def _strongest(record: Trace, found: Effects) -> str:
    """Say what the gate with the largest exact effect does, and what drives it."""
    from seviz.analysis.channels import drivers

    first = found.ranked[0]
    z, place = record.z[first.site][0], percentile(record, first.site, first.channel)
    driven = ask(drivers, record.model, first.site, z, channel=first.channel)
    said = [gate_facts(found, driven, s=first.s, place=place)]
    diagnosis = block_diagnosis(record, first.site)
    said.append(diagnosis_words(diagnosis) if diagnosis.verdict else lost_words(diagnosis))
    return html.facts(" ".join(filter(None, said)))


def _diagnosed(record: Trace) -> str:
    return matters_html.diagnoses(
        (site, block_diagnosis(record, site.name)) for site in record.sites
    )


def _connect(asked: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API.

    Whatever asks a question is one listener, so that questions are answered one after the other.
    """
    gr.on(
        [tab.select, asked.record.change, asked.choice.change],
        handlers.weigh,
        [asked.open, asked.record, asked.arm, asked.target, p.unfolded, p.shown],
        p.answers,
        show_progress_on=[p.headline],
        trigger_mode="always_last",
        api_visibility="private",
    )
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    p.fold.expand(handlers.unfold, [asked.record], [p.unfolded, p.diagnoses], **quiet)
    p.fold.collapse(handlers.fold, None, [p.unfolded], **quiet)
