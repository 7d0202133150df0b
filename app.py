"""The app: `python app.py`, or what a Space runs."""

import os
import sys

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request leaves the machine

import gradio as gr

from seviz.ui import api, explore, theme
from seviz.zoo import Zoo

INTRODUCTION = (
    "# seviz\n"
    "Open up a Squeeze-and-Excitation network and watch it think: what every SE block squeezed, "
    "which channels it excited, and what the network would have answered without its gates."
)


def build(zoo: Zoo | None = None) -> gr.Blocks:
    """Build the whole app over a zoo of networks."""
    zoo = zoo or Zoo()
    with gr.Blocks(title="seviz", delete_cache=(600, 3600)) as demo:
        gr.Markdown(INTRODUCTION, elem_id="title")
        explore.build(zoo)
        api.build(zoo)
    demo.queue(api_open=False, max_size=32, default_concurrency_limit=4)
    return demo


def launch(demo: gr.Blocks, **options: object) -> gr.Blocks:
    """Launch with the settings that keep the page private and offline; returns the app."""
    settings: dict[str, object] = {
        "theme": theme.theme(),
        "css": theme.CSS,
        "ssr_mode": False,
        "run_history": False,
        "show_error": False,
        "footer_links": ["api", "settings"],
        "max_file_size": "64mb",  # read_photo refuses at 20 MB, with a sentence
    }
    demo.launch(**{**settings, **options})
    return demo


if __name__ == "__main__":
    launch(build(), inbrowser="--open" in sys.argv)
