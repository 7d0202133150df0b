"""A field to paint over a part of a photograph with a brush."""

from typing import Any

import gradio as gr
import numpy as np
import numpy.typing as npt
from gradio.components.base import server
from gradio.components.image_editor import AcceptBlobs, EditorData
from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo

SIDE = 256  # pixels of the picture that is painted on
INK = "rgb(0, 0, 0)"
DARK = 128  # ink over white: what is darker was painted
KEPT = 64  # strokes of all visitors that wait to be read
MOST = 2_000_000  # bytes of one


class BrushField(gr.ImageEditor):  # type: ignore[misc]
    """Shows a crop to paint on; its value is what was painted, H×W, None for nothing.

    Only what people paint is read, by the decoder of untrusted files: the browser also sends the
    picture below and both together. Gradio's own reading has no limits.
    """

    is_template = True  # keeps the stock front end, "imageeditor"

    @server  # type: ignore[untyped-decorator]
    def accept_blobs(self, data: AcceptBlobs) -> None:
        """Keep a layer that the browser sends before it asks, for `preprocess`."""
        of, files, known = data.data, data.files, self.blob_storage
        if not isinstance(of, dict) or of.get("type") != "layer" or not files:
            return
        name, file = _key(of.get("id")), files[0][1]
        if isinstance(file, bytes) and len(file) <= MOST:
            known[name] = file
        for oldest in list(known)[: max(0, len(known) - KEPT)]:
            known.pop(oldest, None)

    def preprocess(self, payload: EditorData | None) -> npt.NDArray[np.bool_] | UserError | None:
        """Return what was painted; or why it can't be read, as an error would lie over results."""
        if payload is None or payload.id is None:
            return None
        layer = self.blob_storage.pop(_key(payload.id), None)
        if layer is None:
            return None
        try:
            strokes = read_photo(layer)
        except UserError as error:
            return error
        painted = np.asarray(strokes.convert("L").resize((SIDE, SIDE))) < DARK
        return painted if painted.any() else None


def brush_field(elem_id: str) -> BrushField:
    """Lay out a field to paint on; nothing is uploaded, cropped or resized in it."""
    return BrushField(
        label="Paint over the photograph",
        sources=(),
        transforms=(),
        layers=False,
        buttons=[],
        brush=gr.Brush(colors=[INK], default_color=INK, color_mode="fixed", default_size=24),
        eraser=gr.Eraser(default_size=24),
        canvas_size=(SIDE, SIDE),
        fixed_canvas=True,
        height=SIDE + 90,
        format="png",
        elem_id=elem_id,
        visible=False,
        interactive=True,
    )


def _key(given: object) -> str:
    return str(given)[:100]


def to_paint_on(seen: npt.NDArray[np.uint8]) -> dict[str, Any]:
    """Return the value that shows a crop (H×W×3) with nothing painted on it."""
    crop = Image.fromarray(seen).resize((SIDE, SIDE), Image.Resampling.NEAREST)
    return {"background": crop, "layers": [], "composite": None}
