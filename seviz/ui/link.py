"""The button “Copy link”: the address of all that is shown, to be opened elsewhere.

A link says of a visitor's own photograph only that it is one.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.ui.address import OWN
from seviz.ui.parts.upload import SERVED
from seviz.ui.state import Asked

SCRIPT = f"<script>\n{(Path(__file__).parent / 'link.js').read_text('utf-8')}</script>"
TOLD = Markup(
    '<p id="link-said" role="status" aria-live="polite"></p>'
    '<input id="link-field" type="text" readonly hidden aria-label="The link to what is shown">'
)
HOST = re.compile(r"[\w.-]+(:\d+)?")
# The values of the fields, named: the address may leave out what they usually are.
COPY_JS = """(model, photo, arms, arm) => window.seviz.copyLink(
  { model, photo: photo ? NAMES[photo.path] ?? OWN : "", arms, arm }, HOST)"""


def lay_out() -> gr.Button:
    """Lay out the button, and what it says."""
    button = gr.Button("Copy link", size="sm", elem_id="copy-link")
    gr.HTML(TOLD, elem_id="link-told")
    return button


def connect(button: gr.Button, asked: Asked) -> None:
    """Let the button copy the link, which the browser does alone."""
    js = COPY_JS
    names = {str(path): name for name, path in SERVED.items()}
    for word, value in (("NAMES", names), ("OWN", OWN), ("HOST", space_host())):
        js = js.replace(word, json.dumps(value))
    seen: list[Any] = [asked.model, asked.photo, asked.columns, asked.arm_field]
    button.click(None, seen, None, js=js, api_visibility="private")


def space_host() -> str:
    """Return the host of the Space that serves the app, "" anywhere else.

    Hugging Face's page shows the app in a frame, and takes no change of the frame's address.
    """
    host = os.environ.get("SPACE_HOST", "")
    return host if HOST.fullmatch(host) else ""
