"""The app: `python app.py`, or what a Space runs."""

import argparse
import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request leaves the machine

import gradio as gr

from seviz.ui.api import questions as api
from seviz.ui.explore import page as explore
from seviz.ui.explore.first_network import first_network, statistics
from seviz.ui.laboratory import page as laboratory
from seviz.ui.parts import theme
from seviz.ui.parts.navigation import remember
from seviz.zoo.catalogue import EMBEDDED

INTRODUCTION = (
    "# seviz\n"
    "Open up a Squeeze-and-Excitation network and watch it think: what every SE block squeezed, "
    "which channels it excited, and what the network would have answered without its gates."
)


def build(start: str = EMBEDDED, notice: str = "") -> gr.Blocks:
    """Build the whole app; start: the first network's key, notice: a sentence on top."""
    with gr.Blocks(title="seviz", delete_cache=(600, 3600)) as demo:
        gr.Markdown(INTRODUCTION, elem_id="title")
        page = gr.State()
        guide = gr.Button("New to SE? Take the guided path →", size="sm", elem_id="guide")
        with gr.Tabs(elem_id="pages") as pages:
            with gr.Tab("Explore", id=explore.NAME) as tab:
                asked = explore.build(start, notice)
                remember(tab, page)
            with gr.Tab("Laboratory", id=laboratory.NAME) as tab:
                views = laboratory.build(asked, pages, page)
                remember(tab, page)
        guide.click(
            lambda: (gr.Tabs(selected=laboratory.NAME), gr.Tabs(selected=laboratory.GUIDE)),
            None,
            [pages, views],
            queue=False,
            api_visibility="private",
        )
        api.build()
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


def main() -> None:
    """Read the launch settings and open the app."""
    parser = argparse.ArgumentParser(description="Open the app in the browser.")
    parser.add_argument("--open", action="store_true", help="open a browser window")
    parser.add_argument("--checkpoint", metavar="FILE", help="your own weights, .safetensors")
    parser.add_argument("--arch", metavar="ARCH", help="their timm or torchvision architecture")
    parser.add_argument("--profile", metavar="FILE", help="reference statistics of a network")
    options = parser.parse_args()
    about_statistics = statistics(options.profile)
    start, notice = first_network(options.checkpoint, options.arch)
    launch(build(start, f"{notice} {about_statistics}".strip()), inbrowser=options.open)


if __name__ == "__main__":
    main()
