"""Each gate's picture, wherever one points at a gate: the sheets of a network's blocks.

The browser shows the pictures (`gate_picture.js`); what is told here is where they are.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
from gradio_client.utils import encode_file_path
from markupsafe import Markup

from seviz.errors import UserError
from seviz.files import write_whole
from seviz.pictures.overview import folder_of, read_overview
from seviz.records.pictures import Overview
from seviz.ui.parts.own_folder import served_folder
from seviz.words.numbers import decimals
from seviz.zoo.catalogue import find
from seviz.zoo.sources import Source

SHEETS_JS = """
const tell = () => { window.seviz.sheets = JSON.parse(props.value || "{}"); };
tell();
watch("value", tell);
"""


def lay_out(key: str) -> gr.HTML:
    """Make the component, which nobody sees, that tells the browser of a network's sheets."""
    return gr.HTML(
        sheets(key), html_template="<span></span>", js_on_load=SHEETS_JS, visible="hidden"
    )


def follow(model: gr.Dropdown, told: gr.HTML) -> None:
    """Tell the browser of the sheets of the network that is chosen."""

    def of_network(key: Any) -> Any:
        try:
            return sheets(key)
        except UserError:  # a client made it up
            return gr.skip()

    model.change(
        of_network,
        model,
        told,
        trigger_mode="multiple",
        show_progress="hidden",
        api_visibility="private",
    )


def sheets(key: Any) -> str:
    """Return where the pictures of a network's gates are, by block, as JSON."""
    folder = folder_of(find(str(key)))
    found = {file.stem: overview(key, file.stem) for file in folder.glob("*.webp")}
    told = {
        name: [url(key, of), of.width, of.height, of.columns, len(of.s)]
        for name, of in found.items()
        if of is not None
    }
    return json.dumps(told)


def picture(key: str, site: str, channel: int) -> Markup:
    """Show the picture that was made to open a gate, with what the gate is there; "" without."""
    found = overview(key, site)
    if found is None or channel >= len(found.s):
        return Markup()
    x, y = found.place(channel)
    return Markup(
        '<figure class="gate-picture"><span role="img" aria-label="Picture made to open {name}" '
        'style="width: {width}px; height: {height}px; background: url({url}) -{x}px -{y}px">'
        "</span><figcaption>Made to open this gate: s = {s} there</figcaption></figure>"
    ).format(
        name=f"{site}[{channel}]",
        width=found.width,
        height=found.height,
        url=url(key, found),
        x=x,
        y=y,
        s=decimals(float(found.s[channel]), 3),
    )


def overview(key: str, site: str) -> Overview | None:
    """Return a block's sheet, which is read once for each of its versions; None without."""
    source = find(key)
    file = folder_of(source) / f"{site}.webp"
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(source, file, changed)


@cache
def _read(source: Source, file: Path, changed: int) -> Overview | None:  # noqa: ARG001
    return read_overview(file, source)


def url(key: str, found: Overview) -> str:
    """Return the address of a sheet, relative to the page's; strangers see no path of its own."""
    source = find(key)
    changed = found.file.stat().st_mtime_ns
    copy = served_folder() / f"{(source.digest or source.key)[:8]}-{changed}-{found.file.name}"
    if not copy.exists():
        write_whole(copy, found.file.read_bytes())
    return f"gradio_api/file={encode_file_path(str(copy))}"
