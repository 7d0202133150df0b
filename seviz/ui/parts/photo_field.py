"""A field for a photograph, with examples under it."""

import json
from pathlib import Path
from typing import NamedTuple

import gradio as gr
from gradio_client.utils import encode_file_path
from markupsafe import Markup

from seviz.photos.examples import Offer, examples_for
from seviz.ui.parts.html import join
from seviz.ui.parts.upload import SERVED, PhotoUpload
from seviz.words.served import offer_words
from seviz.zoo.catalogue import EMBEDDED, find

# The browser fills the field by itself: asked of the server, a quick second click would be dropped.
CHOOSE_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-name]");
  if (!button) return;
  const path = button.dataset.path, url = button.querySelector("img").src;
  window.seviz.example = { path, url, orig_name: path.split("/").pop(),
    meta: { _type: "gradio.FileData" } };
  trigger("select");
});
"""

# Gradio tells of a change whenever the page hands the same photograph around, and each would be
# answered: the browser passes on those that bring another file.
TELL_JS = """(photo) => {
  const shown = (window.seviz.photos ??= {});
  if (shown[ID] === photo?.path) return;
  shown[ID] = photo?.path;
  window.dispatchEvent(new CustomEvent("seviz:photo", { detail: ID }));
}"""
CHANGED_JS = """
window.addEventListener("seviz:photo", ({ detail }) => { if (detail === ID) trigger("select"); });
"""


class ExamplePicker(gr.HTML):  # type: ignore[misc]
    """Shows `offered`; a `select` event puts the example that is clicked into a field."""

    def __init__(self, value: str | None = None, **kwargs: object) -> None:
        super().__init__(value=value, js_on_load=CHOOSE_JS, **kwargs)

    def api_info(self) -> dict[str, object]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


class PhotoField(NamedTuple):
    """A field and its examples; `changed` has a `select` event for each other photograph."""

    photo: PhotoUpload
    examples: ExamplePicker
    changed: gr.HTML


def photo_field(
    label: str,
    *,
    elem_id: str,
    examples_id: str,
    network: str,
    value: Path | None = None,
    height: int = 210,
) -> PhotoField:
    """Lay out a field for a photograph, with a network's examples under it.

    value: the first photograph; height: of the field, in pixels.
    """
    photo = PhotoUpload(
        value=None if value is None else str(value),
        label=label,
        sources=["upload", "clipboard", "webcam"],
        buttons=["fullscreen"],
        height=height,
        elem_id=elem_id,
    )
    picker = ExamplePicker(offered(network), elem_id=examples_id)
    chosen = "() => window.seviz.example"
    picker.select(None, None, photo, js=chosen, trigger_mode="multiple", api_visibility="private")
    name = json.dumps(elem_id)
    changed = gr.HTML(js_on_load=CHANGED_JS.replace("ID", name), visible="hidden")
    photo.change(None, photo, None, js=TELL_JS.replace("ID", name), api_visibility="private")
    return PhotoField(photo, picker, changed)


def offered(network: str) -> Markup:
    """Offer the examples of a network; those that it does not know say so."""
    offers = examples_for(network, find(network).folders)
    return Markup('<p class="hint">Or an example:</p><div class="examples">{}</div>').format(
        join(map(_button, offers))
    )


def example_named(name: str) -> Path | None:
    """Return the path of the example of a name; None where there is none."""
    return SERVED.get(name)


def first_example(network: str) -> Path | None:
    """Return the example that suits a network best; None where no package holds any."""
    offers = examples_for(network, find(network).folders)
    return SERVED[offers[0].example.name] if offers else None


def examples() -> list[Path]:
    """Return the example photographs that the embedded network gets right."""
    offers = examples_for(EMBEDDED, find(EMBEDDED).folders)
    return [SERVED[offer.example.name] for offer in offers if offer.right]


def _button(offer: Offer) -> Markup:
    said = f"Example: {offer_words(offer)}"
    doubtful = offer.known is False or offer.right is False
    return Markup(  # a relative address: the app may be served under a prefix
        '<button type="button" data-name="{name}" data-path="{served}" class="{kind}" '
        'title="{said}" aria-label="{said}">'
        '<img src="gradio_api/file={path}" alt="" loading="lazy"></button>'
    ).format(
        name=offer.example.name,
        served=SERVED[offer.example.name],
        kind="doubtful" if doubtful else "",
        said=said,
        path=encode_file_path(str(SERVED[offer.example.name])),
    )
