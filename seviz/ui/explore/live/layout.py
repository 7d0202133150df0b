"""What the tab “Live” consists of: one component, which takes frames and shows their answers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seviz.ui.explore.live.html import camera
from seviz.ui.parts.plot import SELECT_JS

HERE = Path(__file__).parent
SCRIPTS = [(HERE / name).read_text("utf-8") for name in ("drawing.js", "camera.js")]


class Camera(gr.HTML):  # type: ignore[misc]
    """Shows a camera's frames with their answers; its value is what was answered last, as a dict.

    A `submit` event carries a frame, {number, side, pixels}, and comes only when the one before
    was answered. An `apply` event carries the frame that people keep. A `select` event is a click
    on a cell of the atlas, {name, channel}.
    """

    def __init__(self, value: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(
            value=value,
            html_template=str(camera()),  # without the value, or each answer would rebuild the DOM
            js_on_load="\n".join([SELECT_JS, *SCRIPTS]),
            apply_default_css=False,
            **kwargs,
        )

    def postprocess(self, value: dict[str, Any] | None) -> str | None:
        """Return an answer as JSON."""
        return None if value is None else json.dumps(value)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "the answer to a frame as JSON"}


@dataclass(frozen=True)
class Parts:
    """The components of the tab."""

    camera: Camera


def lay_out() -> Parts:
    """Lay out the camera."""
    return Parts(Camera(elem_id="live"))
