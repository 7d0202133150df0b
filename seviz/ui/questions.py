"""The page “Questions”: what people ask and papers claim, each with its experiment."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qs

import gradio as gr
from markupsafe import Markup

from seviz.ui.dataset.page import VIEWS as DATA_SET
from seviz.ui.explore.page import TABS
from seviz.ui.laboratory.page import VIEWS as LABORATORY
from seviz.ui.parts import html
from seviz.ui.parts.navigation import GATE, NETWORKS
from seviz.words.claims import CLAIMED
from seviz.words.questions import ASKED, Question, Source
from seviz.zoo.catalogue import find

SEARCH_JS = (Path(__file__).parent / "questions.js").read_text("utf-8")
TITLES = {name: title for name, title, _ in (*TABS, *DATA_SET, *LABORATORY)}
PAGES = {GATE: "Gate", NETWORKS: "Networks"}  # those without views
PARTS = (
    (
        "Questions people ask",
        "About SE networks, in public threads; all figures were measured by seviz's commands.",
        ASKED,
    ),
    (
        "What papers claim",
        "What is known here of each claim, and how to try it on the photograph shown.",
        CLAIMED,
    ),
)
PAGE = Markup(
    '<div class="questions"><label for="questions-search">Search the questions</label>'
    '<input id="questions-search" type="search" autocomplete="off">'
    '<p class="hint" role="status" aria-live="polite"></p>{}</div>'
)


def lay_out() -> None:
    """Lay the page out inside the current gr.Tab; the browser does all of it."""
    gr.HTML(questions_page(), js_on_load=SEARCH_JS, elem_id="questions")


def questions_page() -> Markup:
    """Set all questions and claims under a search box."""
    return PAGE.format(html.join(_part(*part) for part in PARTS))


def opens(link: str) -> str:
    """Say what the button of a link opens: a view, and the network where the link names one."""
    said = {key: values[0] for key, values in parse_qs(link).items()}
    view = PAGES.get(said.get("page", "")) or TITLES[said["tab"]]
    network = f" with {find(said['model']).title}" if "model" in said else ""
    return f"Open “{view}”{network}"


def _part(title: str, text: str, questions: Iterable[Question]) -> Markup:
    return Markup("<section>{}{}</section>").format(
        html.section(title, text), html.join(map(_question, questions))
    )


def _question(asked: Question) -> Markup:
    button = command = html.NOTHING
    if asked.link:
        button = Markup('<button type="button" data-link="{}">{}</button>').format(
            asked.link, opens(asked.link)
        )
    if asked.command:
        command = Markup('<code class="command">{}</code>').format(asked.command)
    return Markup(
        '<article><h3>{}</h3><p>{}</p><div class="tries">{}{}</div>'
        '<p class="hint">{}: {}</p></article>'
    ).format(
        asked.text,
        asked.answer,
        button,
        command,
        "Asked in" if asked.sources[0].url.startswith("https://github.com/") else "Claimed in",
        Markup(", ").join(map(_source, asked.sources)),
    )


def _source(source: Source) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(
        source.url, source.text
    )
