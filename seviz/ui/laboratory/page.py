"""The page “Laboratory”: the article's blocks and studies, and its story, to be tried out."""

import gradio as gr

from seviz.ui.laboratory.block import view as lab_block
from seviz.ui.laboratory.learn import view as lab_learn
from seviz.ui.laboratory.side_by_side import view as lab_sides
from seviz.ui.laboratory.tables import view as lab_tables
from seviz.ui.parts.navigation import BLOCK, SIDES, TABLES, Place, remember
from seviz.ui.state import Asked

NAME = "laboratory"  # of the page, among the app's
GUIDE = "lab-learn"  # the view that takes newcomers by the hand
VIEWS = (
    (BLOCK, "The block", lab_block),
    (TABLES, "The tables", lab_tables),
    (SIDES, "Side by side", lab_sides),
    (GUIDE, "Learn", lab_learn),
)


def build(asked: Asked, pages: gr.Tabs, page: gr.State) -> gr.Tabs:
    """Lay the page out inside the current gr.Tab and connect it; returns its views' tabs.

    asked: what “Explore” was asked; pages: the app's, of which a view may open another; page: the
    open one's id.
    """
    place = Place(pages=pages, page=page, view=gr.State())
    with gr.Tabs(elem_id="laboratory") as views:
        for name, title, view in VIEWS:
            with gr.Tab(title, id=name) as tab:
                view.build(asked, tab, place)
                remember(tab, place.view)
    return views
