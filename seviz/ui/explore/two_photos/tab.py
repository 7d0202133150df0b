"""The tab “Two photographs”: one network, two photographs, and where their gates differ."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from PIL import Image

from seviz.analysis.photo_pair import MEASURES, compare_photographs
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.photo_pair import pair_chart
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.explore.two_photos import html as pair_html
from seviz.ui.explore.two_photos.layout import Parts, lay_out
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.photo_field import name_examples
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked
from seviz.words.photo_pair import pair_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}


@dataclass(frozen=True)
class Shown:
    """The two traces that the tab shows."""

    first: Trace
    second: Trace


def build(asked: Asked, tab: gr.Tab) -> None:
    """Lay the tab out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(asked, parts, tab, Handlers(parts, str(tab.id)))


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts, tab: str) -> None:
        self.parts, self.tab = parts, tab

    def upload(
        self, photo: Image.Image | UserError | None, record: Trace | None, measure: str
    ) -> Any:
        """Trace a second photograph through the network of the first, and compare them."""
        if photo is None:  # the field was cleared: the last result stays
            return gr.skip()
        if isinstance(photo, UserError) or record is None:
            return notify(photo if isinstance(photo, UserError) else GONE)
        try:
            return self._compared(photo, record, measure)
        except REFUSALS as error:
            return notify(error)

    def arrive(
        self,
        opened: str,
        record: Trace | None,
        photo: Image.Image | UserError | None,
        measure: str,
        shown: Shown | None,
    ) -> Any:
        """Compare with a new first photograph if the tab is open; else only remove the results."""
        if opened == self.tab:
            return self.open(record, photo, measure, shown)
        stale = record and shown and not shown.first.is_of_same_photo(record)
        return self._put_away() if stale else gr.skip()

    def open(
        self,
        record: Trace | None,
        photo: Image.Image | UserError | None,
        measure: str,
        shown: Shown | None,
    ) -> Any:
        """Compare unless shown already; remove all results of another first photograph."""
        if record is None or (shown and shown.first.is_of_same_photo(record)):
            return gr.skip()
        away = self._put_away() if shown else gr.skip()
        if not isinstance(photo, Image.Image):
            return away
        try:
            return self._compared(photo, record, measure)
        except REFUSALS as error:
            notify(error)
            return away

    def draw(self, measure: str, shown: Shown | None) -> Any:
        """Compare the same two photographs by the other distance."""
        if shown is None:
            return notify(GONE)
        return self._told(shown, measure)

    def _compared(self, photo: Image.Image, record: Trace, measure: str) -> Updates:
        p, second = self.parts, ask(trace, record.model, photo, [INTACT])
        return {
            p.both: pair_html.both(record, second, find(record.model).title, k=TOPK),
            p.results: gr.Column(visible=True),
            p.shown: Shown(record, second),
            **self._told(Shown(record, second), measure),
        }

    def _told(self, shown: Shown, measure: str) -> Updates:
        p, profile = self.parts, reference(shown.first.model)
        measure = measure if measure in MEASURES else MEASURES[0]
        found = compare_photographs(shown.first, shown.second, profile)
        return {
            p.headline: pair_html.headline(*pair_words(found, measure)),
            p.depth: pair_chart(found, profile, measure),
            p.channels: pair_html.channels(found.channels, placed=profile is not None),
        }

    def _put_away(self) -> Updates:
        p = self.parts
        return {
            p.headline: pair_html.WAITING,
            p.both: "",
            p.results: gr.Column(visible=False),
            p.shown: None,
        }


def _connect(q: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    told = [p.headline, p.depth, p.channels]
    asked: dict[str, Any] = {
        "outputs": [*told, p.both, p.results, p.shown],
        "show_progress_on": [p.headline],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    p.photo.change(handlers.upload, [p.photo, q.record, p.measure], **asked)
    known = [q.record, p.photo, p.measure, p.shown]
    q.record.change(handlers.arrive, [q.open, *known], **asked)
    tab.select(handlers.open, known, **asked)
    name_examples(tab.select, "pair-examples")
    p.measure.input(
        handlers.draw,
        [p.measure, p.shown],
        told,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )
