"""The page “Explore”: a rail with what is asked, answers over a tab for each question, one gate.

Of three plans that were tried with real results, this one shows photograph, answers, atlas and the
selected gate at once from 1,280 pixels on. A band across the top began the atlas lower, and the
photograph scrolled away with it; a dock at the bottom covered a quarter of every tab. Narrower
pages take the dock's idea for the gate alone: a sheet that comes up with a selection.
"""

from typing import Any

import gradio as gr

from seviz.ui.explore import downloads
from seviz.ui.explore.answering import Handlers, connect
from seviz.ui.explore.compare import tab as compare
from seviz.ui.explore.explanations import tab as explanations
from seviz.ui.explore.first_answer import first_answer
from seviz.ui.explore.gates import tab as gates
from seviz.ui.explore.inspector import layout as inspector_layout
from seviz.ui.explore.inspector import view as inspector
from seviz.ui.explore.layout import lay_out_answers, lay_out_rail, network_choices, states
from seviz.ui.explore.live import tab as live
from seviz.ui.explore.matters import tab as matters
from seviz.ui.explore.network import view as own_network
from seviz.ui.explore.restoring import Restorer
from seviz.ui.explore.surgery import tab as surgery
from seviz.ui.parts import html, sheets
from seviz.ui.parts.navigation import EXPLAIN, GATES, LIVE, MATTERS, SURGERY, remember
from seviz.ui.state import Asked

TABS = (
    (GATES, "Gates", gates),
    (EXPLAIN, "Explanations", explanations),
    (SURGERY, "Surgery", surgery),
    (MATTERS, "What matters", matters),
    ("pair", "Compare", compare),
    (LIVE, "Live", live),
)
TAB_IDS = tuple(name for name, *_ in TABS)


def build(start: str, notice: str) -> Asked:
    """Lay the page out inside the current gr.Blocks and connect it; returns what was asked.

    start: the key of the network that is chosen at first; notice: a sentence on top, or "".
    """
    first = first_answer(start)
    with gr.Row(elem_id="explore"):
        with gr.Column(elem_id="rail"):
            asks = lay_out_rail(start, first)
        with gr.Column(elem_id="stage"):
            if notice:
                gr.HTML(html.notice(notice), elem_id="notice")
            told = lay_out_answers(first)
            stage = gr.Column(elem_id="results")
        with gr.Column(elem_id="inspector"):
            fields = inspector_layout.lay_out_fields(first)
            parts = inspector_layout.lay_out(start, first)
    asked = Asked(**asks, **told, **fields, **states(), first=first)
    with stage:
        tabs, views = _tabs(asked)
    inspector.connect(asked, parts, inspector.Handlers(asked, parts), views=views)
    connect(asked, Handlers(asked), Restorer(asked, tabs))
    downloads.connect(asked, downloads.Handlers(asked))
    sheets.follow(asked.model, asked.sheets)
    if asked.upload:
        own_network.connect(asked, asked.upload, network_choices)
    return asked


def _tabs(asked: Asked) -> tuple[gr.Tabs, list[Any]]:
    """Lay the tabs out; returns them, and the components in which gates are selected."""
    views: list[Any] = []
    with gr.Tabs(elem_id="tabs") as tabs:
        for name, title, page in TABS:
            with gr.Tab(title, id=name) as tab:
                remember(tab, asked.open)  # before the tab asks whether it is the open one
                views += page.build(asked, tab)
    return tabs, views
