"""A Plotly view that keeps its zoom, works offline and returns clicks.

gr.Plot remounts at every change, ships an older plotly.js and has no click event; this one calls
`Plotly.react` on plotly.py's own plotly.min.js, served from the machine the page comes from.
"""

import json
from pathlib import Path
from typing import Any

import gradio as gr
import plotly
import plotly.graph_objects as go
from gradio_client.utils import encode_file_path

PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_SRC = f"/gradio_api/file={encode_file_path(str(PLOTLY_JS))}"
DRAW_JS = f"const PLOTLY_SRC = {json.dumps(PLOTLY_SRC)};\n" + (
    Path(__file__).parent / "plot.js"
).read_text("utf-8")

gr.set_static_paths([PLOTLY_JS])


class PlotView(gr.HTML):  # type: ignore[misc]
    """Shows a plotly Figure; `select` events carry {name, position} of a heatmap's cell."""

    def __init__(self, value: go.Figure | None = None, **kwargs: Any) -> None:
        """Take gr.HTML's arguments; the template stays constant so that the DOM survives."""
        super().__init__(
            value=value,
            html_template='<div class="plot-host"></div>',
            js_on_load=DRAW_JS,
            apply_default_css=False,
            **kwargs,
        )

    def postprocess(self, value: go.Figure | None) -> str | None:
        """Turn the figure into plotly JSON."""
        return None if value is None else str(value.to_json())

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "Plotly figure as JSON"}


def column(name: str) -> PlotView:
    """Lay out a figure that wraps below its neighbour where the page is narrow."""
    with gr.Column(min_width=280):
        return PlotView(elem_id=name)
