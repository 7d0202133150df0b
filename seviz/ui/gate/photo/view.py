"""The section “On this photograph”: what the gate is there, and what it does to the answer."""

from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.figures.inspector import channel_figures
from seviz.figures.places import places_figures
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.ui.explore.inspector import html as inspector_html
from seviz.ui.explore.inspector.passes import driven_figures, gate_maps, silenced
from seviz.ui.gate.chosen import Shown, trace_of
from seviz.ui.gate.dimming import drawn_gate
from seviz.ui.gate.photo.layout import Parts
from seviz.ui.parts import html
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.plot import with_source
from seviz.ui.state import followed
from seviz.words.gate_page import NO_PHOTOGRAPH, NO_PLACES
from seviz.words.places import places_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What the section does, as plain functions; each returns {component: value}, or gr.skip().

    shown: what the page shows; before: what this part of it shows yet.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def tell(self, shown: Shown | None, record: Trace | None, before: Any) -> Any:
        """Say what the gate is, whether it is usual, and what shutting it does to the answer."""
        p, here, trace = self.parts, _here(shown), _trace(shown, record)
        if here == before:
            return gr.skip()
        told = {p.told: here, p.facts_of: drawn_gate(shown)}
        if shown is None or trace is None:
            missing = NO_PHOTOGRAPH.format(title=find(shown.model).title) if shown else ""
            return told | {p.missing: html.notice(missing), p.there: _column(False)}
        try:
            said = inspector_html.gate(
                trace,
                gate_maps(trace, *shown.gate, arm=INTACT),
                shown.channel,
                target=followed(trace, shown.target),
                silenced=silenced(trace, *shown.gate),
            )
        except REFUSALS as error:
            return notify(error)
        return told | {p.missing: html.NOTHING, p.there: _column(True), p.facts: said}

    def picture(self, shown: Shown | None, record: Trace | None, before: Any) -> Any:
        """Draw U and s·U of one pass, and which places of U open the gate."""
        p, here, trace = self.parts, _gate(shown), _trace(shown, record)
        if here == before:
            return gr.skip()
        told = {p.pictured: here, p.pictures_of: drawn_gate(shown)}
        if shown is None or trace is None:
            emptied: Updates = dict.fromkeys([p.before, p.after, p.places])
            return emptied | {p.where: html.NOTHING} | told
        try:
            drawn = self._pictures(trace, shown) | told
            return with_source(drawn, chart_sources.of_gate(trace, shown.gate))
        except REFUSALS as error:
            return notify(error)

    def drive(self, shown: Shown | None, record: Trace | None, before: Any) -> Any:
        """Draw what drives the gate, and where its block lies among the reference images."""
        p, here, trace = self.parts, _gate(shown), _trace(shown, record)
        if here == before:
            return gr.skip()
        told = {p.driven: here, p.drivers_of: drawn_gate(shown)}
        if shown is None or trace is None:
            return dict.fromkeys([p.drivers, p.percentiles]) | told
        try:
            figures = driven_figures(trace, *shown.gate)
        except REFUSALS as error:
            return notify(error)
        drawn = {p.drivers: figures.drivers, p.percentiles: figures.percentiles}
        return told | with_source(drawn, chart_sources.of_gate(trace, shown.gate))

    def _pictures(self, trace: Trace, shown: Shown) -> Updates:
        from seviz.analysis.places import gate_places

        p, (block, channel) = self.parts, shown.gate
        if not trace.site(block).squeezed:
            maps = gate_maps(trace, block, channel, arm=INTACT)
            drawn = channel_figures(maps, channel, trace.seen)
            told = html.facts(NO_PLACES.format(block=block))
            return {p.before: drawn.before, p.after: drawn.after, p.places: None, p.where: told}
        found = ask(gate_places, trace.model, trace.image, block, channel=channel)
        figures = places_figures(found, trace.seen)
        return {
            p.before: figures.before,
            p.after: figures.after,
            p.places: figures.places,
            p.where: html.facts(places_words(found)),
        }


def _trace(shown: Shown | None, record: Trace | None) -> Trace | None:
    """Return Explore's trace where it is of the network that is shown."""
    return None if shown is None else trace_of(shown.model, record)


def _here(shown: Shown | None) -> Shown | None:
    """Return what the facts depend on: all but the edits."""
    return None if shown is None else shown._replace(edits="")


def _gate(shown: Shown | None) -> Shown | None:
    """Return what the pictures depend on: the gate and the photograph, but no class."""
    return None if shown is None else shown._replace(edits="", target=None)


def _column(visible: bool) -> gr.Column:
    return gr.Column(visible=visible)


def connect(shown: gr.State, record: gr.State, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    p = handlers.parts
    latest: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "always_last",
    }
    for handler, outputs, before in (
        (handlers.tell, p.of_facts, p.told),
        (handlers.picture, p.of_pictures, p.pictured),
        (handlers.drive, p.of_drivers, p.driven),
    ):
        shown.change(handler, [shown, record, before], outputs, **latest)
