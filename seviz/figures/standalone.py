"""Figures in an HTML file of their own, which needs no server and no network."""

import base64
import gzip
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

KEPT_BITS, HALF = 0xFFFFFE00, 0x100  # of a float32: its value, rounded to 3 of 100,000


def divisions(figures: Sequence[go.Figure]) -> Iterator[str]:
    """Write each figure as HTML; the first brings plotly.js with it, which all of them use."""
    for i, figure in enumerate(figures):
        narrow = go.Figure(figure).update_layout(
            font={"family": "system-ui, sans-serif", "color": "#222"}, margin={"b": 40, "l": 50}
        )
        yield to_html(
            narrow,
            include_plotlyjs=i == 0,
            full_html=False,
            config={"responsive": True, "displaylogo": False},
            div_id=f"figure-{i + 1}",  # else it is another one at each call
        )


@cache
def packed_library() -> str:
    """Return plotly.js as base64 of gzip, which browsers unpack: 2.0 MB instead of 4.8."""
    return packed(get_plotlyjs())


def packed(text: str) -> str:
    """Pack a text as base64 of gzip, which browsers unpack; equal texts give equal packs."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def packed_figures(figures: Sequence[go.Figure]) -> str:
    """Pack figures as a list of Plotly's JSON, the values of heat maps to four digits."""
    return packed(f"[{','.join(_short(figure).to_json() for figure in figures)}]")


def _short(figure: go.Figure) -> go.Figure:
    """Clear the bits of a figure's heat maps that nobody reads, as they would not be packed."""
    short = go.Figure(figure)
    for trace in short.select_traces({"type": "heatmap"}):
        for name in ("z", "text"):
            values = trace[name]
            if isinstance(values, np.ndarray) and values.dtype.kind == "f":
                bits = values.astype(np.float32).view(np.uint32) + np.uint32(HALF)
                trace[name] = (bits & np.uint32(KEPT_BITS)).view(np.float32)
    return short


def chart_label(figure: go.Figure) -> str:
    """Return a figure's text for screen readers, which is its title in print."""
    return str(figure.layout.meta["label"])
