"""The page “Networks”: any two networks asked about one photograph."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import gradio as gr
from PIL import Image

from seviz.analysis.network_pair import match_classes, view_network
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.records.network_pair import NetworkView
from seviz.records.trace import Trace
from seviz.ui import address
from seviz.ui.gate.leading import TO_TOP, lead
from seviz.ui.laboratory.photo import photograph
from seviz.ui.networks import explaining, similarity
from seviz.ui.networks import html as networks_html
from seviz.ui.networks.drawn import Updates, drawn_gates, drawn_scatter
from seviz.ui.networks.html import Views
from seviz.ui.networks.layout import Parts, choices, lay_out
from seviz.ui.parts import html
from seviz.ui.parts.fields import NO_GATE, clicked_gate
from seviz.ui.parts.navigation import EXPLORE, NETWORKS, PHOTO, PageViews, opening
from seviz.ui.parts.notify import REFUSALS, notify, sentence
from seviz.ui.parts.upload import EXAMPLE, GONE
from seviz.ui.state import Asked, Sought
from seviz.zoo.catalogue import find

UNKNOWN = UserError("There is no such network; choose one from the list.")
Photo = Image.Image | UserError | None


@dataclass(frozen=True)
class Shown:
    """What the page shows: a photograph, by its digest and name, and what both networks make of it.

    shows: what an example shows; None for any other photograph.
    """

    digest: str
    name: str
    views: Views
    shows: str | None

    @property
    def keys(self) -> tuple[str, str]:
        """Return the networks' keys."""
        return self.views[0].trace.model, self.views[1].trace.model

    def known(self) -> dict[str, NetworkView]:
        """Return both views by their networks' keys."""
        return {view.trace.model: view for view in self.views}

    def traces(self) -> dict[str, Trace]:
        """Return both traces by their networks' keys."""
        return {key: view.trace for key, view in self.known().items()}


def build(asked: Asked, pages: gr.Tabs, data: PageViews, *, beside: str = "") -> list[gr.Dropdown]:
    """Lay the page out inside the current gr.Tab and connect it; returns the fields A and B.

    data: the page “Data set”, which takes photographs; beside: as of `lay_out`.
    """
    parts = lay_out(asked.model.value, beside)
    _connect(asked, parts, Handlers(asked, parts, pages))
    explaining.connect(parts)
    similarity.connect(asked, parts, pages, data=data)
    return [parts.first, parts.second]


class Handlers:
    """What the page does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs) -> None:
        self.asked, self.parts, self.pages = asked, parts, pages

    def show(self, photo: Photo, a: Any, b: Any, shown: Shown | None) -> Iterator[Any]:
        """Ask the two networks about the photograph, if the page shows others yet."""
        try:
            picture, name = photograph(photo)
            yield from self._asked(picture, name, shown, a=a, b=b)
        except REFUSALS as error:
            yield self._put_away(error)

    def swap(self, a: Any, b: Any, shown: Shown | None) -> Any:
        """Exchange A and B; nothing is asked again."""
        swapped = {self.parts.first: b, self.parts.second: a}
        if shown is None or shown.keys != (a, b):
            return swapped
        return swapped | self._drawn(replace(shown, views=shown.views[::-1]))

    def open(self, key: Any) -> Any:
        """Open a network in “Explore”."""
        try:
            source = find(key)
            source.check_gates()
        except UserError as error:
            return notify(error)
        return {self.pages: gr.Tabs(selected=EXPLORE), self.asked.wanted: Sought(source.key)}

    def click(self, event: gr.EventData, key: Any, shown: Shown | None) -> Any:
        """Open the page of the gate under a click on a network's atlas."""
        if shown is None:
            return notify(GONE)
        try:
            site, channel = clicked_gate(event, shown.traces()[key])
        except (KeyError, TypeError):  # a client's key
            return notify(NO_GATE)
        except UserError as error:
            return notify(error)
        return lead(self.asked, self.pages, Sought(key, site.name, channel or 0))

    def scatter(self, block: Any, shown: Shown | None) -> Any:
        """Draw the channels of the chosen block."""
        if shown is None:
            return gr.skip()
        return drawn_scatter(self.parts, shown.views, block) or gr.skip()

    def _asked(
        self, photo: Image.Image, name: str, shown: Shown | None, *, a: Any, b: Any
    ) -> Iterator[Any]:
        """Ask what is not known yet of this photograph."""
        keys = (_key(a), _key(b))
        digest = blake2b(photo.tobytes() + repr(photo.size).encode()).hexdigest()
        known: dict[str, NetworkView] = {}
        if shown and shown.digest == digest:
            known = shown.known()
            if keys == shown.keys:
                yield gr.skip()
                return
        for side, key in zip("AB", keys, strict=True):
            if key not in known:
                yield {self.parts.answers: networks_html.waiting(side, find(key))}
                known[key] = view_network(key, photo)
        views = known[keys[0]], known[keys[1]]
        yield self._drawn(Shown(digest, name, views, photo.info.get(EXAMPLE)))

    def _drawn(self, shown: Shown) -> Updates:
        """Draw everything of two views; explanations and similarities are of others."""
        p = self.parts
        classes = match_classes(*map(find, shown.keys))
        return {
            p.seen: networks_html.crops(shown.views, shown.name),
            p.answers: networks_html.answers(shown.views, classes, TOPK, shows=shown.shows),
            p.results: gr.Column(visible=True),
            p.apart: networks_html.apart(shown.views),
            **drawn_gates(p, shown.views),
            **explaining.emptied(p),
            **similarity.emptied(p, shown.views),
            p.shown: shown,
        }

    def _put_away(self, error: UserError | gr.Error) -> Updates:
        """Say in a sentence why there is nothing to see; no result of something else stays."""
        p, said = self.parts, sentence(error)
        return {
            p.answers: html.headline(said, waiting=True),
            p.seen: "",
            p.results: gr.Column(visible=False),
            p.shown: None,
        }


def _listed() -> list[Any]:
    """List the networks in both fields, with those that the visitor has uploaded by now."""
    return [gr.Dropdown(choices=choices()) for _ in range(2)]


def _key(given: Any) -> str:
    """Return the key of a network; UserError where a client names none."""
    if not isinstance(given, str):
        raise UNKNOWN
    return find(given).key


def _connect(q: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    opened = opening(NETWORKS, None, PHOTO)
    gr.on(
        [opened.select, p.first.change, p.second.change],
        handlers.show,
        [q.photo, p.first, p.second, p.shown],
        p.outputs,
        show_progress_on=[p.answers],
        trigger_mode="always_last",
        api_visibility="private",
    )
    swapped = [p.first, p.second, *p.outputs]
    p.swap.click(handlers.swap, [p.first, p.second, p.shown], swapped, **quiet)
    p.choose.click(lambda: gr.Tabs(selected=EXPLORE), None, handlers.pages, queue=False, **quiet)
    p.channels.block.input(
        handlers.scatter,
        [p.channels.block, p.shown],
        [p.channels.scatter],
        trigger_mode="always_last",
        **quiet,
    )
    # A network may be opened while this page is shown already; nothing that it waits for is long.
    listed = [opened.select, q.networks.change]
    multiple: dict[str, Any] = {"queue": False, "trigger_mode": "multiple"}
    gr.on(listed, _listed, None, [p.first, p.second], **multiple, **quiet)
    for field in (p.first, p.second):
        address.keep(field.change, "model2", p.first, p.second)
    leads = [handlers.pages, q.wanted]
    for side, key in ((p.a, p.first), (p.b, p.second)):
        side.open.click(handlers.open, [key], leads, **quiet)
        side.atlas.select(handlers.click, [key, p.shown], leads, **quiet).then(
            None, js=TO_TOP, api_visibility="private"
        )
