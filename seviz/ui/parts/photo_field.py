"""A field for a photograph, with examples under it."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.media import get_image

from seviz.ui.parts.upload import PhotoUpload

NAME_EXAMPLES = """async () => {
    const found = () => [...document.querySelectorAll("#%s .gallery-item")], names = %s;
    while (!found().length) await new Promise(requestAnimationFrame);
    found().forEach((button, place) => button.setAttribute("aria-label", names[place]));
}"""


def photo_field(label: str, *, elem_id: str, examples_id: str) -> PhotoUpload:
    """Lay out a field for a photograph, with the examples under it."""
    photo = PhotoUpload(
        label=label,
        sources=["upload", "clipboard", "webcam"],
        buttons=["fullscreen"],
        height=300,
        elem_id=elem_id,
    )
    gr.Examples(
        [[str(path)] for path in examples()],
        photo,
        label="Or one of these",
        elem_id=examples_id,
        api_visibility="private",
    )
    return photo


def name_examples(shown: Callable[..., Any], examples_id: str) -> None:
    """Give the examples' buttons names for screen readers; Gradio gives them none.

    shown: the event at which they come onto the page: its load, or the choice of their tab.
    """
    names = json.dumps([f"Example “{path.stem}”" for path in examples()])
    shown(None, js=NAME_EXAMPLES % (examples_id, names), api_visibility="private")


def examples() -> list[Path]:
    """Return photographs that installed packages carry; nothing of them is copied."""
    paths = [Path(get_image("lion.jpg"))]
    if (skimage := find_spec("skimage")) and skimage.origin:
        data = Path(skimage.origin).parent / "data"
        paths += [data / "chelsea.png", data / "coffee.png"]
    return [path for path in paths if path.exists()]
