"""The similarity of two networks' gates over many photographs, on the page “Networks”."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.gate_similarity import compare_collected
from seviz.errors import UserError
from seviz.figures.network_pair import cka_matrix
from seviz.passes.dispatch import ask
from seviz.records.collection import Collection, Photographs
from seviz.records.network_pair import GateSimilarity
from seviz.ui.dataset.folder import FOLDER
from seviz.ui.networks.html import Views
from seviz.ui.networks.layout import Parts
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.navigation import DATA, NETWORKS, PHOTOS, PageViews, opening
from seviz.ui.parts.own_photos import own_of
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.progress import Runner
from seviz.ui.state import Asked
from seviz.watch import Watch
from seviz.words.network_pair import similarity_headline, similarity_words

Updates = dict[Any, Any]  # {component: value}
KIND = "network similarity"  # of work
NONE = (
    "This needs many photographs that both networks see. Send some in “Data set”, view “Your "
    "photographs” (50 or more are good), and come back."
)
NO_GATES = "{} has no gates, so there is no similarity of gates; choose two networks with SE."
GONE = UserError("There are no photographs to compare the networks by; send some in “Data set”.")


def emptied(p: Parts, views: Views) -> Updates:
    """Show the section where both networks have gates, else say why not; no old result stays."""
    without = [name for name, view in zip("AB", views, strict=True) if not view.trace.sites]
    of = p.similar
    return {
        of.why: html.hint(NO_GATES.format(without[0])) if without else "",
        of.group: gr.Column(visible=not without),
        of.told: "",
        of.matrix: None,
    }


class Handlers:
    """What the section does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts, pages: gr.Tabs, data: PageViews, *, runner: Runner) -> None:
        self.parts, self.pages, self.data, self.runner = parts, pages, data, runner

    def offer(self, own: Any) -> Updates:
        """Say by which photographs the networks can be compared."""
        of, name = self.parts.similar, _name(own)
        said = f"By {name}: each passes through both networks." if name else NONE
        return {
            of.source: html.facts(said),
            of.send: gr.Button(visible=not name),
            of.run.start: gr.Button(visible=bool(name)),
        }

    def send(self) -> Updates:
        """Open the view that takes photographs."""
        return {self.pages: gr.Tabs(selected=DATA), self.data.tabs: gr.Tabs(selected=PHOTOS)}

    def measure(self, request: gr.Request, own: Any, shown: Any) -> Iterator[Any]:
        """Compare both networks' gates over the photographs."""
        yield from self.runner.ending_well(self._compared(request, own, shown))

    def _compared(self, request: gr.Request, own: Any, shown: Any) -> Iterator[Updates]:
        if shown is None or not _name(own):
            raise GONE
        found, _ = yield from self.runner.follow(
            request, lambda watch: compare(shown.keys, own, watch), {}
        )
        of = self.parts.similar
        told = html.headline(similarity_headline(found)) + html.facts(
            similarity_words(found) or None
        )
        drawn = {of.told: told, of.matrix: cka_matrix(found), **self.runner.idle()}
        yield with_source(drawn, chart_sources.of_similarity(found))


def compare(keys: tuple[str, str], own: Any, watch: Watch) -> GateSimilarity:
    """Pass the photographs through both networks, and compare the gates.

    own: what the visitor's state holds. UserError as of `gate_similarity`; Stopped where stopped.
    """
    return compare_collected(*keys, partial(_collection, own_of(own).photographs), watch=watch)


def _collection(photographs: Photographs | None, key: str, watch: Watch) -> Collection:
    """Return what a network makes of the visitor's photographs, or else the server's folder."""
    from seviz.passes.collection import pass_collection

    if photographs is None:
        return FOLDER.answer(key, watch).collection
    return ask(pass_collection, key, photographs, watch=watch)


def _name(own: Any) -> str:
    """Return what people call the photographs: a visitor's, or the server's; "" without any."""
    photographs = own_of(own).photographs
    if photographs is not None:
        return photographs.name
    return f"the photographs of the server’s folder {FOLDER.name}" if FOLDER.root else ""


def connect(q: Asked, p: Parts, pages: gr.Tabs, *, data: PageViews) -> None:
    """Connect the section; its events are no part of the public API."""
    of = p.similar
    runner = Runner(Works(), KIND, of.run)
    handlers = Handlers(p, pages, data, runner=runner)
    private: dict[str, Any] = {"api_visibility": "private"}
    gr.on(
        [opening(NETWORKS).select, q.own.change],
        handlers.offer,
        [q.own],
        [of.source, of.send, of.run.start],
        trigger_mode="always_last",
        show_progress="hidden",
        **private,
    )
    of.send.click(handlers.send, None, [pages, data.tabs], queue=False, **private)
    of.run.start.click(
        handlers.measure,
        [q.own, p.shown],
        [*of.outputs, *of.run.shown],
        show_progress="hidden",
        **private,
    )
    runner.connect()
