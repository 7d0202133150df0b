"""The view “Selectivity by depth”: what the gates of each block tell of an image's class."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.answers import chart_sources
from seviz.answers.classes import SelectivityReport, selectivity_report
from seviz.errors import UserError
from seviz.figures.selectivity import selectivity_chart
from seviz.reference.own import fingerprint
from seviz.ui.dataset.classes.view import clicked_block
from seviz.ui.dataset.images import DataSet, profile
from seviz.ui.parts import html, tables
from seviz.ui.parts.navigation import CLASSES, DATA, DEPTH, IMAGES, opening
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import PlotView, with_source
from seviz.ui.parts.tables import ChannelTable
from seviz.words.classes import DEPTH_HINT, WAITING, no_statistics_words
from seviz.words.numbers import percent
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
# A view that another one opens begins at its top.
TO_VIEWS = "() => { document.querySelector('#dataset').scrollIntoView({ block: 'start' }); }"
HEADS = (
    "block",
    "share of variance (η²)",
    "95 % interval",
    "class selectivity",
    "constant channels",
    "saturated channels",
    "nearest neighbours",
)


@dataclass(frozen=True)
class Parts:
    """The components of the view, and of which statistics they are."""

    headline: gr.HTML
    notes: gr.HTML
    chart: PlotView
    table: ChannelTable
    shown: gr.State

    @property
    def outputs(self) -> list[Any]:
        """List what is drawn anew."""
        return [self.headline, self.notes, self.chart, self.table, self.shown]


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001 - as of all views
    """Lay the view out inside the current gr.Tab and connect it."""
    headline = gr.HTML(html.headline(WAITING, waiting=True), elem_id="depth-headline")
    notes = gr.HTML(elem_id="depth-notes")
    chart = PlotView(elem_id="depth-chart")
    gr.HTML(html.hint(f"{DEPTH_HINT} Click a block to see its class curves."))
    table = ChannelTable(elem_id="depth-table")
    parts = Parts(headline, notes, chart, table, gr.State(""))
    _connect(data, parts, tab, handlers=Handlers(data, parts, tab.parent))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet, parts: Parts, tabs: gr.Tabs) -> None:
        """Take what is shared, the view's own parts, and the tabs of the page's views."""
        self.data, self.parts, self.tabs = data, parts, tabs

    def show(self, model: Any, shown: str) -> Any:
        """Draw what the blocks tell of classes, if the view does not show it yet."""
        p = self.parts
        try:
            key = find(str(model)).key
            known = profile(key)
            if known is None:
                return {
                    p.headline: html.headline(no_statistics_words(find(key).title), waiting=True),
                    **dict.fromkeys([p.notes, p.table], ""),
                    p.chart: None,
                    p.shown: "",
                }
            statistics = f"{key} {fingerprint(known)}"
            if statistics == shown:
                return gr.skip()
            report = selectivity_report(key, profile=known)
        except UserError as error:
            return notify(error)
        updates = {
            p.headline: html.headline(report.summary),
            p.notes: html.join(html.hint(note) for note in report.notes),
            p.chart: selectivity_chart(report.blocks, chance=report.chance),
            p.table: depth_table(report),
            p.shown: statistics,
        }
        return with_source(updates, chart_sources.of_depth(key))

    def pick(self, event: gr.EventData, model: Any) -> Any:
        """Open the class curves of the block that is clicked."""
        try:
            block = clicked_block(event, str(model))
        except UserError as error:
            return notify(error)
        return {self.data.block: block, self.tabs: gr.Tabs(selected=CLASSES)}


def depth_table(report: SelectivityReport) -> Markup:
    """Set the measures of all blocks in a table; a block opens its class curves."""
    rows = [
        (
            "",
            (
                block.block,
                _number(block.share),
                _interval(block.share_low, block.share_high),
                _number(block.selectivity),
                percent(block.constant),
                "" if block.saturated is None else percent(block.saturated),
                "" if block.neighbours is None else percent(block.neighbours),
            ),
        )
        for block in report.blocks
    ]
    caption = "What the gates of each block tell of an image’s class"
    if report.blocks[0].neighbours is not None:
        caption += f"; by chance neighbours would be right in {percent(report.chance)}"
    opens = [(block.block, None) for block in report.blocks]
    return tables.figures(caption, HEADS, rows, opens=opens)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _connect(data: DataSet, p: Parts, tab: gr.Tab, *, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    latest: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
    opened = opening(DATA, DEPTH, IMAGES)
    opened.select(handlers.show, [data.asked.model, p.shown], p.outputs, **latest)
    picked = [data.block, tab.parent]
    blocks = [p.chart.select, p.table.select]
    opens = gr.on(blocks, handlers.pick, data.asked.model, picked, **quiet)
    opens.then(None, js=TO_VIEWS, api_visibility="private")
