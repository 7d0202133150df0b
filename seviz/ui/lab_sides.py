"""The view “Side by side”: two variants asked about one photograph."""

import gradio as gr

from seviz.ui.layout import Asked


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
