"""The view “The tables”: what each study found, beside what the article reports."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.answers import chart_sources
from seviz.answers.study import shipped_results, study_names
from seviz.errors import UserError
from seviz.figures.study import article_chart, here_chart
from seviz.nets.embedded import ASSETS
from seviz.nets.results import Results
from seviz.nets.shipped import openable_keys
from seviz.nets.variants import STUDIES
from seviz.study.against_reference import rows
from seviz.ui.laboratory.tables import html as pieces
from seviz.ui.laboratory.tables.files import ALL, csv_paths
from seviz.ui.parts import html
from seviz.ui.parts.navigation import EXPLORE, RESTORED, told
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import PlotView, with_source
from seviz.ui.parts.sortable import SortableTable
from seviz.ui.state import Asked, Sought
from seviz.words.findings import NAMES, short_name

FIRST = next(iter(STUDIES))
CARD = ASSETS / "study.md"
Updates = dict[Any, Any]  # {component: value}


@dataclass(frozen=True)
class Parts:
    """The components of the view that change, from top to bottom."""

    study: gr.Radio
    answer: gr.HTML
    here: PlotView
    article: PlotView
    table: SortableTable
    one: gr.DownloadButton
    notes: gr.HTML

    @property
    def results(self) -> list[Any]:
        """List what another study changes."""
        return [self.answer, self.here, self.article, self.table, self.one, self.notes]


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
    try:
        results = shipped_results()
    except UserError as error:
        gr.HTML(html.notice(str(error)))
        return
    _connect(asked, tab, Handlers(lay_out(results), results, asked, pages))


def lay_out(results: Results) -> Parts:
    """Lay out the chooser, and the first study's answer, table and notes.

    Its charts are drawn when the view is opened: the first figure costs the app's start a second.
    """
    study = gr.Radio(
        [(title, name) for name, title in NAMES.items()],
        value=FIRST,
        label="Study",
        elem_id="study",
    )
    answer = gr.HTML(pieces.answer(FIRST, results), elem_id="study-answer")
    with gr.Row():
        with gr.Column(min_width=300):
            gr.HTML(pieces.here_panel())
            here = PlotView(elem_id="study-here")
        with gr.Column(min_width=300):
            gr.HTML(pieces.article_panel())
            article = PlotView(elem_id="study-article")
    table = SortableTable(pieces.figures(FIRST, results), elem_id="study-table")
    with gr.Row():
        one = gr.DownloadButton(
            "Download this study (CSV)", value=csv_paths()[FIRST], size="sm", elem_id="study-csv"
        )
        gr.DownloadButton(
            "Download all studies (CSV)", value=csv_paths()[ALL], size="sm", elem_id="study-csv-all"
        )
    with gr.Accordion("How was it measured, and what can’t these figures tell you?", open=False):
        notes = gr.HTML(pieces.notes(FIRST, results), elem_id="study-notes")
    with gr.Accordion("The study card: networks, recipe and results in full", open=False):
        gr.Markdown(_card(), elem_id="study-card")
    return Parts(
        study=study,
        answer=answer,
        here=here,
        article=article,
        table=table,
        one=one,
        notes=notes,
    )


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts, results: Results, asked: Asked, pages: gr.Tabs) -> None:
        self.parts, self.results = parts, results
        self.asked, self.pages = asked, pages

    def choose(self, study: str) -> Any:
        """Show another study."""
        try:
            (study,) = study_names(str(study))
        except (UserError, ValueError):
            return notify(UserError("There is no such study; choose one of the six."))
        p = self.parts
        return self._charts(study) | {
            p.answer: pieces.answer(study, self.results),
            p.table: pieces.figures(study, self.results),
            p.one: gr.DownloadButton(value=csv_paths()[study]),
            p.notes: pieces.notes(study, self.results),
        }

    def draw(self, study: str) -> Any:
        """Draw the chosen study's charts, when the view is opened."""
        if not isinstance(study, str) or study not in STUDIES:
            return gr.skip()
        return self._charts(study)

    def _charts(self, study: str) -> Updates:
        here, article = shown(study, self.results)
        ours = with_source({self.parts.here: here}, chart_sources.of_study(study, self.results))
        theirs = with_source({self.parts.article: article}, chart_sources.of_article(study))
        return ours | theirs

    def open(self, event: gr.EventData) -> Any:
        """Open a row's network in “Explore”; a client's data is not to be trusted."""
        data = event._data
        key = data.get("name") if isinstance(data, dict) else None
        if key not in openable_keys():
            return notify(UserError("That row names no network to open; click an underlined name."))
        return {self.asked.wanted: Sought(key), self.pages: gr.Tabs(selected=EXPLORE)}


def shown(study: str, results: Results) -> tuple[Any, Any]:
    """Draw a study's two charts: of the figures here, and of the article's."""
    of = rows(study, results)
    names = [short_name(study, row.variant) for row in of]
    return here_chart(of, names), article_chart(of, names)


def _card() -> str:
    """Return the study card, its heading one step lower: the page has a first one."""
    return CARD.read_text("utf-8").replace("# ", "### ", 1)


def _connect(asked: Asked, tab: gr.Tab, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    p = handlers.parts
    asked.kept.choice("study", p.study)
    gr.on(
        [p.study.input, told(RESTORED).select],
        handlers.choose,
        p.study,
        p.results,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )
    tab.select(
        handlers.draw,
        p.study,
        [p.here, p.article],
        show_progress="hidden",
        api_visibility="private",
    )
    p.table.select(
        handlers.open,
        None,
        [asked.wanted, handlers.pages],
        show_progress="hidden",
        api_visibility="private",
    )
