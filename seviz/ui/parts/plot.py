"""A Gradio component for Plotly figures that keeps their zoom and reports clicks.

gr.Plot redraws the whole figure at every change, ships an older plotly.js and has no click event.
This component calls `Plotly.react` of the plotly.min.js that plotly.py brings, which the app serves
itself, so that it works offline.
"""

import json
from pathlib import Path
from typing import Any

import gradio as gr
import plotly
import plotly.graph_objects as go
from gradio_client.utils import encode_file_path

from seviz.figures.style import sourced
from seviz.ui.parts.own_folder import serve

PLOTLY_JS = serve(Path(plotly.__file__).parent / "package_data" / "plotly.min.js")
PLOTLY_SRC = f"/gradio_api/file={encode_file_path(str(PLOTLY_JS))}"
HERE = Path(__file__).parent
SELECT_JS = (HERE / "select.js").read_text("utf-8")
DRAW_JS = "\n".join(
    [
        f"const PLOTLY_SRC = {json.dumps(PLOTLY_SRC)};",
        SELECT_JS,
        (HERE / "plot.js").read_text("utf-8"),
    ]
)


class PlotView(gr.HTML):  # type: ignore[misc]
    """Shows a Plotly figure.

    A click on a cell of a block's row is a `select` event {name, channel}: the trace's meta, and
    the cell's custom data (the first of them, where it has several). A click on a point whose id
    is a block's name is {name, channel: null}. `moved` tells arrow keys, which only
    select, from clicks. The selected gate is framed in every plot that shows it.

    In a figure whose meta has `selects` (lasso or select), points that are dragged around are a
    `select` event {places}: the first custom data of each. A “seviz:hover” event of the browser's
    window tells the place of a point under the pointer.
    """

    def __init__(self, value: go.Figure | None = None, **kwargs: Any) -> None:
        """Take gr.HTML's other arguments."""
        super().__init__(
            value=value,
            # Without the value, or each new figure would rebuild the DOM and lose the zoom.
            html_template='<div class="plot-host"></div>',
            js_on_load=DRAW_JS,
            apply_default_css=False,
            **kwargs,
        )

    def postprocess(self, value: go.Figure | None) -> str | None:
        """Return the figure as Plotly's JSON."""
        return None if value is None else str(value.to_json())

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "Plotly figure as JSON"}


def with_source(updates: dict[Any, Any], source: str) -> dict[Any, Any]:
    """Let each figure of {component: value} say what it is of, where it is saved; returns them."""
    for value in updates.values():
        if isinstance(value, go.Figure):
            sourced(value, source)
    return updates


def plot_column(elem_id: str) -> PlotView:
    """Lay out a plot in a column of its own, which a narrow page wraps below its neighbour."""
    with gr.Column(min_width=280):
        return PlotView(elem_id=elem_id)
