"""The page “Laboratory”: the article's blocks and studies, and its story, to be tried out."""

import gradio as gr

from seviz.ui import lab_block, lab_learn, lab_sides, lab_tables
from seviz.ui.layout import Asked

NAME = "laboratory"  # of the page, among the app's
VIEWS = (
    ("lab-block", "The block", lab_block),
    ("lab-tables", "The tables", lab_tables),
    ("lab-sides", "Side by side", lab_sides),
    ("lab-learn", "Learn", lab_learn),
)


def build(asked: Asked, pages: gr.Tabs) -> None:
    """Lay the page out inside the current gr.Tab and connect it.

    asked: what “Explore” was asked; pages: the app's pages, of which a view may open another.
    """
    with gr.Tabs(elem_id="laboratory"):
        for name, title, view in VIEWS:
            with gr.Tab(title, id=name) as tab:
                view.build(asked, tab, pages)
