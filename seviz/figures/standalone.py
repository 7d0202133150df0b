"""Figures in an HTML file of their own, which needs no server and no network."""

import base64
import gzip
from collections.abc import Iterator, Sequence
from functools import cache

import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs


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
    """Pack figures as a list of Plotly's JSON."""
    return packed(f"[{','.join(figure.to_json() for figure in figures)}]")


def chart_label(figure: go.Figure) -> str:
    """Return a figure's text for screen readers, which is its title in print."""
    return str(figure.layout.meta["label"])
