import gradio as gr

from seviz.ui import app
from seviz.ui.laboratory.page import GUIDE, VIEWS


def test_the_views_are_tabs_in_their_order_and_the_guided_path_is_one_of_them():
    tabs = [block for block in app.build().blocks.values() if isinstance(block, gr.Tabs)]
    (views,) = (each for each in tabs if each.elem_id == "laboratory")
    shown = [(tab.id, tab.label) for tab in views.children]
    assert shown == [(name, title) for name, title, _ in VIEWS]
    assert shown == [
        ("lab-block", "The block"),
        ("lab-tables", "The tables"),
        ("lab-sides", "Side by side"),
        (GUIDE, "Learn"),
    ]
