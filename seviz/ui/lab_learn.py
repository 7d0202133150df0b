"""The view “Learn”: the article's story in steps, on a real photograph."""

import gradio as gr

from seviz.ui.layout import Asked


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
