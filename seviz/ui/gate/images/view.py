"""The section “Over many images”: the gate by classes, its distribution, and exemplars."""

from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.gate import one_gate
from seviz.errors import UserError
from seviz.figures.gate import class_bars, descriptor_scatter, distribution
from seviz.reference.gather import reference, reference_images
from seviz.reference.profile import Profile
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.dimming import drawn_gate
from seviz.ui.gate.images import html as gate_html
from seviz.ui.gate.images.layout import Parts
from seviz.ui.gate.thumbnails import thumbnails
from seviz.ui.parts import html
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.words.gate_page import NO_STATISTICS
from seviz.words.one_gate import HINT, correlation_words, facts
from seviz.zoo.catalogue import find

CLASSES = 10  # of either kind
Updates = dict[Any, Any]  # {component: value}


class Handlers:
    """What the section does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def show(self, shown: Shown | None, own: Any, drawn: Shown | None) -> Any:
        """Draw the gate that the page shows over the chosen images, if it is not drawn yet."""
        here = None if shown is None else Shown(shown.model, *shown.gate, shown.statistics)
        if here == drawn:
            return gr.skip()
        if here is None:
            return self._empty("") | {self.parts.drawn: None, self.parts.of: ""}
        try:
            known = reference(here.model)
            told = self._empty(NO_STATISTICS)
            if known is not None and here.block in known.blocks:
                told = self._told(known, here, own)
        except UserError as error:
            return notify(error)
        return told | {self.parts.drawn: here, self.parts.of: drawn_gate(here)}

    def _empty(self, why: str) -> Updates:
        """Say why there is nothing to see, in place of all that statistics would tell."""
        p = self.parts
        emptied: Updates = dict.fromkeys([p.facts, p.hint, p.claim, p.images], html.NOTHING)
        emptied |= dict.fromkeys([p.classes, p.spread, p.scatter])
        return emptied | {p.missing: html.notice(why)}

    def _told(self, known: Profile, here: Shown, own: Any) -> Updates:
        p, source = self.parts, find(here.model)
        images = reference_images(source.key)
        found = one_gate(known, images, here.gate, names=source.class_names)
        updates = {
            p.missing: gate_html.missing(found),
            p.facts: html.facts(facts(found)),
            p.hint: html.hint(HINT),
            p.classes: class_bars(found, CLASSES),
            p.spread: distribution(found),
            p.scatter: descriptor_scatter(found),
            p.claim: html.facts(correlation_words(found) or None),
            p.images: gate_html.exemplars(found, thumbnails(source.key, own)),
        }
        return with_source(updates, chart_sources.of_gate_images(source.key, here.gate))


def connect(shown: gr.State, own: gr.State, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    shown.change(
        handlers.show,
        [shown, own, handlers.parts.drawn],
        handlers.parts.outputs,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="always_last",
    )
