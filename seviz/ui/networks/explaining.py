"""The maps of the page “Networks”: one class explained in both networks."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.checks import check_methods, check_time
from seviz.answers.network_pair import explain_both
from seviz.attribution.methods import pass_rows
from seviz.figures.network_pair import share_map
from seviz.records.network_pair import MapPair
from seviz.ui.networks.html import Views
from seviz.ui.networks.layout import Parts
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.plot import with_source
from seviz.ui.parts.progress import Runner
from seviz.ui.parts.upload import GONE
from seviz.words.explanations import value_words
from seviz.words.network_pair import map_words

Updates = dict[Any, Any]  # {component: value}
KIND = "network maps"  # of work
NEXT = "Choose a method, and let it explain one class in both networks."


def emptied(p: Parts) -> Updates:
    """Say what to do for maps, in place of those of other networks or another photograph."""
    return {p.maps.told: html.hint(NEXT), p.maps.a: None, p.maps.b: None}


class Handlers:
    """What the section does, as plain functions."""

    def __init__(self, parts: Parts, runner: Runner) -> None:
        self.parts, self.runner = parts, runner

    def explain(self, request: gr.Request, method: Any, shown: Any) -> Iterator[Any]:
        """Explain a class that both networks know, by the chosen method."""
        yield from self.runner.ending_well(self._explained(request, str(method), shown))

    def _explained(self, request: gr.Request, method: str, shown: Any) -> Iterator[Updates]:
        if shown is None:
            raise GONE
        check_methods([method])
        for key in shown.keys:
            check_time(key, pass_rows(method, 1), "steps, or take another method")
        maps, _ = yield from self.runner.follow(
            request, lambda watch: explain_both(shown.views, method, watch=watch), {}
        )
        yield {**drawn_maps(self.parts, shown.views, maps), **self.runner.idle()}


def drawn_maps(p: Parts, views: Views, maps: MapPair) -> Updates:
    """Draw both networks' maps, and say how alike they are."""
    value = value_words(maps.a.method)
    of_sides = zip("AB", (p.maps.a, p.maps.b), views, (maps.a, maps.b), strict=True)
    figures = {
        plot: share_map(found, view.trace.seen, title=side, value=value, label=maps.label)
        for side, plot, view, found in of_sides
    }
    a, b = (view.trace for view in views)
    source = chart_sources.of_pair(a, b, method=maps.a.method, label=maps.label)
    return {p.maps.told: html.facts(map_words(maps)), **with_source(figures, source)}


def connect(p: Parts) -> None:
    """Connect the section; its events are no part of the public API."""
    runner = Runner(Works(), KIND, p.maps.run)
    handlers = Handlers(p, runner)
    p.maps.run.start.click(
        handlers.explain,
        [p.maps.method, p.shown],
        [*p.maps.outputs, *p.maps.run.shown],
        show_progress="hidden",
        api_visibility="private",
    )
    runner.connect()
