"""The view “The block”: what a SE block is, drawn with its shapes, equations and costs."""

import gradio as gr

from seviz.ui.layout import Asked


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
