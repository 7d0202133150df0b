"""What the field for a network of one's own consists of, from top to bottom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz import limits
from seviz.records.numbers import SIGMOID, SOFTMAX
from seviz.ui.parts import html
from seviz.ui.parts.own_networks import allowed
from seviz.ui.parts.sent_files import SentFiles, files_field

HEADS = (
    ("softmax, or sigmoid where there is one output", ""),
    ("softmax: the classes exclude each other", SOFTMAX),
    ("sigmoid: each class has a probability of its own", SIGMOID),
)


class WeightsDrop(gr.HTML):  # type: ignore[misc]
    """A field for weights; a `select` event says that they lie on the server."""

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        script = (Path(__file__).parent / "send.js").read_text("utf-8")
        js = script.replace("__MOST__", str(limits.NETWORK.value))
        super().__init__(value=value or _field(), js_on_load=js, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


@dataclass(frozen=True)
class Parts:
    """The components of the field; files takes what `drop` has sent."""

    drop: WeightsDrop
    files: SentFiles
    sent: gr.HTML
    architecture: gr.Textbox
    labels: gr.Textbox
    size: gr.Textbox
    mean: gr.Textbox
    std: gr.Textbox
    head: gr.Dropdown
    open: gr.Button
    told: gr.HTML

    @property
    def fields(self) -> list[Any]:
        """List what is said about the weights, in the order of `view.Fields`."""
        return [self.architecture, self.labels, self.size, self.mean, self.std, self.head]


def lay_out() -> Parts | None:
    """Lay the field out inside the current gr.Blocks; None where visitors may upload no networks.

    There is then no event either that would take one.
    """
    if not allowed():
        return None
    with gr.Accordion("A network of your own", open=False, elem_id="own-network"):
        drop, files = WeightsDrop(elem_id="own-network-drop"), files_field()
        sent = gr.HTML(elem_id="own-network-sent")
        architecture = gr.Textbox(
            label="Architecture (of timm or torchvision)",
            placeholder="seresnet50",
            elem_id="own-network-arch",
        )
        labels = gr.Textbox(
            label="Class names, one a line (optional)", lines=2, elem_id="own-network-labels"
        )
        with gr.Accordion("Head and preprocessing", open=False):
            head = gr.Dropdown(list(HEADS), value="", label="Head", elem_id="own-network-head")
            size = _numbers("Input size in pixels: side, or height and width", "224", name="size")
            mean = _numbers("Mean of pixels of 0 to 1", "0.485 0.456 0.406", name="mean")
            std = _numbers("Deviation of pixels of 0 to 1", "0.229 0.224 0.225", name="std")
        button = gr.Button("Open this network", variant="primary", elem_id="own-network-open")
        told = gr.HTML(elem_id="own-network-told")
    return Parts(
        drop=drop,
        files=files,
        sent=sent,
        architecture=architecture,
        labels=labels,
        size=size,
        mean=mean,
        std=std,
        head=head,
        open=button,
        told=told,
    )


def _numbers(label: str, example: str, *, name: str) -> gr.Textbox:
    return gr.Textbox(label=label, placeholder=example, elem_id=f"own-network-{name}")


def told(notes: tuple[str, ...]) -> str:
    """List what people should know about how a file was read."""
    return Markup("<ul>{}</ul>").format(html.items(notes)) if notes else html.NOTHING


def _field() -> Markup:
    return Markup(
        '<div class="drop"><label><input type="file" multiple accept=".safetensors,.json,.txt" '
        'aria-describedby="own-network-limits"><span>Choose weights (.safetensors)</span></label>'
        '<p>or drop them here</p><p class="hint" id="own-network-limits">Up to {most} MB, with '
        "a .txt file of class names if you like; shards together with their index. Your page "
        "alone can open it; it is deleted an hour after you leave at the latest.</p>"
        '<p role="status"></p></div>'
    ).format(most=limits.NETWORK.value)
