"""The tab “Compare”: one network, two photographs or one that is changed, and how gates differ."""

from typing import Any

import gradio as gr
import numpy as np
from gradio.context import Context
from PIL import Image

from seviz.analysis.photo_pair import MEASURES, compare_photographs
from seviz.answers import chart_sources
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.figures.photo_pair import pair_chart
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui.address import OWN, Address, keep, keep_photo
from seviz.ui.explore.compare import html as pair_html
from seviz.ui.explore.compare.asked import Now, Shown
from seviz.ui.explore.compare.changing import (
    Updates,
    change_fields,
    changed_updates,
    chosen_fields,
    curve_update,
    keep_change,
    measured_updates,
    restored_change,
)
from seviz.ui.explore.compare.layout import BRUSH, Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.photo_field import example_named, offered
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.upload import EXAMPLE, GONE, SHOWN
from seviz.ui.state import Asked
from seviz.words.photo_pair import pair_words
from seviz.zoo.catalogue import find

NO_FIRST = (
    "The two are compared as soon as the first photograph is answered; if there is none, or it is "
    "no longer here, upload it (again)."
)
NOT_KEPT = (
    "This address is of somebody's own second photograph, which is not kept; upload it again, or "
    "choose one of the examples."
)


def build(asked: Asked, tab: gr.Tab) -> list[Any]:
    """Lay the tab out inside the current gr.Tab; returns where gates are selected."""
    parts = lay_out(asked.compared)
    _connect(asked, parts, tab, Handlers(parts, str(tab.id)))
    return [parts.depth, parts.channels]


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip().

    fields: those of a `Now`.
    """

    def __init__(self, parts: Parts, tab: str) -> None:
        self.parts, self.tab = parts, tab

    def restore(self, request: gr.Request) -> Any:
        """Show what the page's address names: the second photograph, or the change."""
        return self._restored(Address.read(request.query_params), None, "")

    def return_to(self, event: gr.EventData, photo: Any, source: Any) -> Any:
        """Show what the address names that people went back or forward to."""
        return self._restored(Address.read(event._data), photo, source)

    def _restored(self, said: Address, now: Any, source: Any) -> Any:
        """Put an address's photograph and change into the fields, unless they are there.

        now: the photograph that is there; source: what it is compared with.
        """
        updates = restored_change(self.parts, said, source)
        if said.distance in MEASURES:  # with all else, which is compared by it at once
            updates[self.parts.measure] = said.distance
        shows = now.info.get(EXAMPLE, OWN) if isinstance(now, Image.Image) else None
        example = example_named(said.photo2)
        if shows != (SHOWN[example] if example else OWN if said.photo2 == OWN else None):
            if said.photo2 == OWN:
                updates[self.parts.headline] = html.headline(NOT_KEPT, waiting=True)
            else:
                updates[self.parts.photo] = str(example) if example else None
        return updates or gr.skip()

    def upload(self, *fields: Any) -> Any:
        """Trace a second photograph through the network of the first, and compare them.

        The results of one that was removed go with it.
        """
        now = Now(*fields)
        if now.of_change:  # it waits until people turn to it
            return gr.skip()
        if isinstance(now.second, UserError):
            return notify(now.second)
        if now.second is None:
            return self._without_results(now.record)
        if now.record is None:
            return {self.parts.headline: html.headline(NO_FIRST, waiting=True)}
        return self._or_sentence(now)

    def arrive(self, opened: str, *fields: Any) -> Any:
        """Compare with a new first photograph if the tab is open; else only remove the results."""
        now = Now(*fields)
        if opened == self.tab:
            return self.open(*fields)
        stale = now.record and now.shown and not now.shown.first.is_of_same_photo(now.record)
        return self._without_results(None) if stale else gr.skip()

    def open(self, *fields: Any) -> Any:
        """Compare unless shown already; remove all results of another first photograph."""
        now = Now(*fields)
        if now.record is None or self._shows(now):
            return gr.skip()
        alone = self._without_results(now.record) if now.shown else self._alone(now.record)
        if not now.of_change and not isinstance(now.second, Image.Image):
            return alone
        try:
            return self._compared(now)
        except REFUSALS as error:
            notify(error)
            return alone

    def switch(self, *fields: Any) -> Any:
        """Compare with another photograph, or with this one changed."""
        now = Now(*fields)
        fields_shown = {self.parts.restored: "", **change_fields(self.parts, now.source)}
        said = self._without_results(now.record)
        if now.of_change:
            said[self.parts.headline] = pair_html.UNCHANGED
        if now.record and (now.of_change or isinstance(now.second, Image.Image)):
            try:
                said = self._compared(now)
            except REFUSALS as error:
                notify(error)
        return said | fields_shown

    def choose(self, *fields: Any) -> Any:
        """Change the photograph in another way, at that way's usual strength."""
        now = Now(*fields)
        try:
            said, strength = chosen_fields(self.parts, now)
        except UserError as error:
            return notify(error)
        done = self.move(*now._replace(strength=strength, region="centre", painted=None))
        return said if done == gr.skip() else said | done

    def move(self, *fields: Any) -> Any:
        """Change the photograph at another strength or seed, or in another region."""
        now = Now(*fields)
        if not now.of_change or self._shows(now):
            return gr.skip()
        return self._or_sentence(now)

    def paint(self, strokes: Any, *fields: Any) -> Any:
        """Change what is painted over; strokes: of the brush."""
        now = Now(*fields)
        if isinstance(strokes, UserError):
            return notify(strokes)
        if strokes is None and not isinstance(now.painted, np.ndarray):
            return gr.skip()  # a new picture to paint on
        if strokes is None:
            return {self.parts.painted: None}
        said = {self.parts.painted: strokes, self.parts.region: BRUSH}
        done = self.move(*now._replace(painted=strokes, region=BRUSH))
        return said if done == gr.skip() else done | said

    def draw(self, *fields: Any) -> Any:
        """Compare the same photographs by the other distance."""
        now = Now(*fields)
        if now.shown is None:
            return notify(GONE)
        return self._told(now.shown, now)

    def follow(self, *fields: Any) -> Any:
        """Draw the curve of another class; no pass is needed."""
        now = Now(*fields)
        if now.shown is None or now.shown.drift is None:
            return gr.skip()
        return curve_update(self.parts, now.shown, now.target)

    def _shows(self, now: Now) -> bool:
        """Tell whether what is asked for is shown already."""
        if now.record is None or now.shown is None:
            return False
        if not now.of_change:
            shown = now.shown
            return shown.second is not None and shown.first.is_of_same_photo(now.record)
        try:
            changing = now.changing()
        except UserError:
            return False
        known = now.known_drift(changing)
        return known is not None and now.shown.strength == changing.strengths[0]

    def _or_sentence(self, now: Now) -> Any:
        try:
            return self._compared(now)
        except REFUSALS as error:
            return notify(error)

    def _compared(self, now: Now) -> Updates:
        p, record = self.parts, now.record
        if now.of_change:
            return changed_updates(p, now)
        assert record is not None
        from seviz.passes.forward import trace

        second = ask(trace, record.model, now.second, [INTACT])
        shown = Shown(record, second)
        return {
            p.both: pair_html.both(record, second, find(record.model).title, k=TOPK),
            p.examples: offered(record.model),
            p.results: gr.Column(visible=True),
            p.shown: shown,
            **self._told(shown, now),
        }

    def _told(self, shown: Shown, now: Now) -> Updates:
        p, profile, measure = self.parts, reference(shown.first.model), now.distance
        if shown.second is None:
            return measured_updates(p, shown, now)
        found = compare_photographs(shown.first, shown.second, profile)
        updates = {
            p.headline: pair_html.headline(*pair_words(found, measure)),
            p.lesson: "",
            p.depth: pair_chart(found, profile, measure),
            p.channels: pair_html.channels(found.channels, placed=profile is not None),
            p.along: gr.Column(visible=False),
        }
        source = chart_sources.of_photographs(shown.first, shown.second)
        return with_source(updates, source)

    def _without_results(self, record: Trace | None) -> Updates:
        """Remove all that a comparison led to; record: of the first photograph, which stays."""
        p = self.parts
        return {
            p.headline: pair_html.WAITING,
            p.lesson: "",
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
    compared = [*p.told, p.both, p.examples, p.results, p.shown, p.brush]
    asked: dict[str, Any] = {
        "outputs": compared,
        "show_progress_on": [p.headline],
        "trigger_mode": "always_last",
        **private,
    }
    quiet: dict[str, Any] = {"show_progress": "hidden", **private}
    now = [
        *(q.record, q.photo, p.photo, p.measure, p.shown, p.source),
        *(p.change, p.strength, p.seed, p.region, p.painted, q.target),
    ]
    restored = [p.photo, p.headline, p.measure, *p.fields, p.restored]
    Context.root_block.load(handlers.restore, None, restored, **quiet)
    q.returned.select(handlers.return_to, [p.photo, p.source], restored, **quiet)
    p.restored.change(handlers.arrive, [q.open, *now], **asked)
    p.arrived.select(handlers.upload, now, **asked)
    keep_photo(p.arrived, p.photo, "photo2")
    keep_change(p)
    q.record.change(handlers.arrive, [q.open, *now], **asked)
    tab.select(handlers.open, now, **asked)
    switched = [*compared[:-1], *p.fields, p.restored]
    p.source.input(handlers.switch, now, **(asked | {"outputs": switched}))
    p.change.input(
        handlers.choose, now, **(asked | {"outputs": [*compared[:-1], *p.of_change, p.painted]})
    )
    # change: also by keys, and what is typed beside the slider
    for event in (p.strength.change, p.seed.change, p.region.input):
        event(handlers.move, now, **asked)
    p.brush.change(
        handlers.paint,
        [p.brush, *now],
        **(asked | {"outputs": [*compared, p.painted, p.region]}),
    )
    keep(p.measure.input, "distance", p.measure, usual=MEASURES[0])
    p.measure.input(handlers.draw, now, p.told, trigger_mode="always_last", **quiet)
    q.choice.change(handlers.follow, now, p.curve, **quiet)
