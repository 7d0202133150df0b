"""The view “Your photographs”: a visitor's own, with a network's answers and gates."""

import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import gradio as gr

from seviz.errors import UserError
from seviz.records.collection import Collection, KeptPhoto
from seviz.ui.dataset.folder import passed
from seviz.ui.dataset.images import DataSet, collection
from seviz.ui.dataset.photos import html as photos_html
from seviz.ui.dataset.photos.files import read_files
from seviz.ui.dataset.photos.gallery import (
    ALL,
    DISTANCE,
    GATE,
    Sorting,
    fitting,
    near_of,
    sort,
    sorting_words,
)
from seviz.ui.dataset.photos.layout import EMPTY, Parts, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.client import address_of
from seviz.ui.parts.navigation import DATA, EXPLORE, IMAGES, PHOTOS, opening
from seviz.ui.parts.notify import REFUSALS, notify, tell
from seviz.ui.parts.own_photos import OWN, REFERENCE, Own, hold, own_of
from seviz.ui.parts.sent_files import SENT, delete
from seviz.ui.parts.upload import GONE
from seviz.words.collection import collection_words, kept_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
NOT_ASKED = "{} was not asked about these photographs yet: see the button above."


class Drawn(NamedTuple):
    """What the gallery shows: of which photographs, in which order."""

    collection: Collection
    sorting: Sorting


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001 - as of all views
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(data, parts, Handlers(data, parts, pages))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet, parts: Parts, pages: gr.Tabs) -> None:
        self.data, self.parts, self.pages = data, parts, pages

    def take(self, files: Any, model: Any, own: Any, request: gr.Request) -> Iterator[Any]:
        """Read the files that were sent, in place of those before, and ask the network of Explore.

        Where that fails, the photographs are there all the same, for another network.
        """
        files, key, before = files if isinstance(files, list) else [], str(model), own_of(own)
        waits = before.photographs is not None and before.collection(key) is None
        steps = self._taken(request, files, key, own)
        try:
            yield from self.data.runner.ending_well(steps, start=waits)
        finally:  # also where nobody waits any more
            delete(files)

    def _taken(
        self, request: gr.Request, files: list[Any], key: str, own: Any
    ) -> Iterator[Updates]:
        run, state = self.data.runner, self.data.asked.own
        if not files:
            raise GONE
        address = address_of(request.request)
        photographs, _ = yield from run.follow(
            request, lambda watch: read_files(files, address, watch), {}
        )
        hold(photographs)
        before = own_of(own)
        images = REFERENCE if before.images == REFERENCE else OWN
        now = Own(photographs, folder=before.folder, images=images)
        try:
            new, _ = yield from run.follow(
                request, lambda watch: passed(key, photographs, watch), {}
            )
            hold(new.collection)
            now = now.with_passed(new)
        except REFUSALS as error:
            notify(error)
        yield {state: now, **run.idle(start=False)}

    def show(self, model: Any, own: Any, shown: Drawn | None, *sorting: Any) -> Any:
        """Draw the photographs, if the view does not show them yet."""
        try:
            return self._drawn(find(str(model)).key, own_of(own), shown, Sorting(*sorting))
        except UserError as error:
            return notify(error)

    def pick(
        self, event: gr.EventData, model: Any, own: Any, shown: Drawn | None, *sorting: Any
    ) -> Iterator[Any]:
        """Open the photograph of a click in Explore, or sort by distance to it."""
        data, p = event._data if isinstance(event._data, dict) else {}, self.parts
        try:
            found = collection(str(model), own)
            if found is None:
                raise GONE
            index = near_of(found, data.get("index"))
            if data.get("what") == "near":
                to = Sorting(*sorting)._replace(by=DISTANCE, near=index, turned=False)
                sorted_now = self._drawn(str(model), own_of(own), shown, to)
                yield sorted_now | {p.by: DISTANCE, p.near: index, p.turned: False}
            else:
                yield from self._opened(found.photographs.photos[index])
        except UserError as error:
            yield notify(error)

    def forget(self) -> Updates:
        """Forget the photographs, and all that came of them."""
        return {self.data.asked.own: Own()}

    def _opened(self, photo: KeptPhoto) -> Iterator[Updates]:
        """Put a photograph into Explore's field, as if it were sent there."""
        suffix = ".jpg" if photo.reduced else PurePosixPath(photo.name).suffix.lower()
        with tempfile.TemporaryDirectory() as folder:
            stem = "".join(c if c.isalnum() else "-" for c in PurePosixPath(photo.name).stem)
            path = Path(folder) / f"{stem[:40] or 'photograph'}{suffix[:6]}"
            path.write_bytes(photo.data)
            if photo.reduced:
                tell(f"Explore opens {photo.name} at {photo.width}×{photo.height} pixels.")
            yield {self.data.asked.photo: str(path), self.pages: gr.Tabs(selected=EXPLORE)}

    def _drawn(self, key: str, own: Own, shown: Drawn | None, sorting: Sorting) -> Any:
        p, title, found = self.parts, find(key).title, collection(key, own)
        if found is None:
            waits = NOT_ASKED.format(title) if own.photographs else EMPTY
            return {
                p.headline: html.headline(waits, waiting=True),
                p.controls: gr.Column(visible=False),
                p.forget: gr.Button(visible=own.photographs is not None),
                **dict.fromkeys([p.skipped, p.gallery], ""),
                p.shown: None,
            }
        fresh = shown is None or shown.collection is not found
        if fresh:
            sorting = fitting(found, sorting)
        elif shown is not None and shown.sorting == sorting:
            return gr.skip()
        ordered = sort(found, sorting)
        return {
            **(self._told(found, title, own) if fresh else {}),
            **self._fields(found, sorting),
            p.sorted_by: html.hint(sorting_words(found, sorting)),
            p.gallery: photos_html.gallery(found, ordered),
            p.shown: Drawn(found, sorting),
        }

    def _told(self, found: Collection, title: str, own: Own) -> Updates:
        p, photographs = self.parts, found.photographs
        told = html.join(
            [
                html.headline(collection_words(found, title)),
                html.facts(kept_words(photographs) or None),
            ]
        )
        return {
            p.headline: told,
            p.skipped: photos_html.skipped(photographs),
            p.controls: gr.Column(visible=True),
            p.forget: gr.Button(visible=own.photographs is not None),
        }

    def _fields(self, found: Collection, sorting: Sorting) -> Updates:
        """Show the fields that this order needs."""
        p, names = self.parts, list(found.s)
        of_gate, of_distance = sorting.by == GATE, sorting.by == DISTANCE
        every = [("all blocks", ALL), *((name, name) for name in names)]
        return {
            p.by: sorting.by,
            p.block: gr.Dropdown(names, value=sorting.block, visible=of_gate),
            p.channel: gr.Number(value=sorting.channel, visible=of_gate),
            p.blocks: gr.Dropdown(every, value=sorting.blocks, visible=of_distance),
            p.near: sorting.near,
        }


def _connect(data: DataSet, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    private: dict[str, Any] = {"api_visibility": "private"}
    subject, runs = data.subject, data.runner.run.shown
    p.drop.select(
        handlers.take,
        [p.files, *subject],
        [data.asked.own, *runs],
        js=SENT,
        trigger_mode="multiple",
        show_progress_on=[data.runner.run.progress],
        **private,
    )
    sorting = [*subject, p.shown, *p.sorting]
    latest: dict[str, Any] = private | {"trigger_mode": "always_last", "show_progress": "hidden"}
    opened = opening(DATA, PHOTOS, IMAGES)
    fields = [p.by.input, p.block.input, p.channel.input, p.blocks.input, p.turned.input]
    gr.on([opened.select, *fields], handlers.show, sorting, p.outputs, **latest)
    picked = [data.asked.photo, handlers.pages, p.turned, *p.outputs]
    p.gallery.select(handlers.pick, sorting, picked, trigger_mode="multiple", **private)
    p.forget.click(handlers.forget, None, [data.asked.own], **private)
