"""The tab “Two photographs”: one network, two photographs, and where their gates differ."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import Context
from PIL import Image

from seviz.analysis.photo_pair import MEASURES, compare_photographs
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.photo_pair import pair_chart
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.address import OWN, Address, keep_photo
from seviz.ui.explore.two_photos import html as pair_html
from seviz.ui.explore.two_photos.layout import Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.photo_field import example_named, offered
from seviz.ui.parts.upload import EXAMPLE, GONE, SHOWN
from seviz.ui.state import Asked
from seviz.words.photo_pair import pair_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
NO_FIRST = (
    "The two are compared as soon as the first photograph is answered; if there is none, or it is "
    "no longer here, upload it (again)."
)
NOT_KEPT = (
    "This address is of somebody's own second photograph, which is not kept; upload it again, or "
    "choose one of the examples."
)


@dataclass(frozen=True)
class Shown:
    """The two traces that the tab shows."""

    first: Trace
    second: Trace


def build(asked: Asked, tab: gr.Tab) -> list[Any]:
    """Lay the tab out inside the current gr.Tab; returns where gates are selected."""
    parts = lay_out()
    _connect(asked, parts, tab, Handlers(parts, str(tab.id)))
    return [parts.depth, parts.channels]


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts, tab: str) -> None:
        self.parts, self.tab = parts, tab

    def restore(self, request: gr.Request) -> Any:
        """Show the second photograph that the page's address names."""
        return self._restored(Address.read(request.query_params).photo2, None)

    def return_to(self, event: gr.EventData, photo: Image.Image | UserError | None) -> Any:
        """Show the second photograph of the address that people went back or forward to."""
        return self._restored(Address.read(event._data).photo2, photo)

    def _restored(self, named: str, now: Image.Image | UserError | None) -> Any:
        """Put the photograph of an address into the field, unless it is there; now: what is."""
        shows = now.info.get(EXAMPLE, OWN) if isinstance(now, Image.Image) else None
        example = example_named(named)
        if shows == (SHOWN[example] if example else OWN if named == OWN else None):
            return gr.skip()
        if named == OWN:
            return {self.parts.headline: html.headline(NOT_KEPT, waiting=True)}
        return {self.parts.photo: str(example) if example else None}

    def upload(
        self, photo: Image.Image | UserError | None, record: Trace | None, measure: str
    ) -> Any:
        """Trace a second photograph through the network of the first, and compare them.

        The results of one that was removed go with it.
        """
        if isinstance(photo, UserError):
            return notify(photo)
        if photo is None:
            return self._without_second(record)
        if record is None:
            return {self.parts.headline: html.headline(NO_FIRST, waiting=True)}
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
        return self._without_second(None) if stale else gr.skip()

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
        alone = self._without_second(record) if shown else self._alone(record)
        if not isinstance(photo, Image.Image):
            return alone
        try:
            return self._compared(photo, record, measure)
        except REFUSALS as error:
            notify(error)
            return alone

    def draw(self, measure: str, shown: Shown | None) -> Any:
        """Compare the same two photographs by the other distance."""
        if shown is None:
            return notify(GONE)
        return self._told(shown, measure)

    def _compared(self, photo: Image.Image, record: Trace, measure: str) -> Updates:
        from seviz.passes.forward import trace

        p, second = self.parts, ask(trace, record.model, photo, [INTACT])
        return {
            p.both: pair_html.both(record, second, find(record.model).title, k=TOPK),
            p.examples: offered(record.model),
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

    def _without_second(self, record: Trace | None) -> Updates:
        """Remove all that a second photograph led to; record: the first one's, which stays."""
        p = self.parts
        return {
            p.headline: pair_html.WAITING,
            p.results: gr.Column(visible=False),
            p.shown: None,
            **({p.both: ""} if record is None else self._alone(record)),
        }

    def _alone(self, record: Trace) -> Updates:
        """Show the first photograph, and the examples of its network."""
        p = self.parts
        return {p.both: pair_html.first_alone(record), p.examples: offered(record.model)}


def _connect(q: Asked, p: Parts, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    private: dict[str, Any] = {"api_visibility": "private"}
    asked: dict[str, Any] = {
        "outputs": [*p.told, p.both, p.examples, p.results, p.shown],
        "show_progress_on": [p.headline],
        "trigger_mode": "always_last",
        **private,
    }
    quiet: dict[str, Any] = {"show_progress": "hidden", **private}
    field = [p.photo, p.headline]
    Context.root_block.load(handlers.restore, None, field, **quiet)
    q.returned.select(handlers.return_to, [p.photo], field, **quiet)
    p.changed.select(handlers.upload, [p.photo, q.record, p.measure], **asked)
    keep_photo(p.changed, p.photo, "photo2")
    known = [q.record, p.photo, p.measure, p.shown]
    q.record.change(handlers.arrive, [q.open, *known], **asked)
    tab.select(handlers.open, known, **asked)
    p.measure.input(
        handlers.draw, [p.measure, p.shown], p.told, trigger_mode="always_last", **quiet
    )
