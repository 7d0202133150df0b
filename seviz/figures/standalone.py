"""Figures in an HTML file of their own, which needs no server and no network."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go
from plotly.io import to_html


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
