"""Colours and layout shared by all figures; text and grid colours are the page's own.

The two arms' colours are told apart by colour-blind readers, in light and in dark (after Okabe and
Ito). Gates have a sequential scale from 0 to 1; signed values a diverging one around 0.
"""

from typing import Any

import plotly.graph_objects as go

INTACT = "#2b8cbe"
OTHER = "#e6803c"
GATES = "Viridis"
SIGNED = "RdBu_r"
OPEN, SHUT = "#9a5ab0", "#3a8f57"  # shares of gates near 1 and near 0


def faint(colour: str, opacity: float) -> str:
    """Return a #rrggbb colour as CSS with an opacity between 0 and 1."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgba({red},{green},{blue},{opacity})"


def figure(traces: list[Any], *, height: int, label: str, **layout: Any) -> go.Figure:
    """Assemble a figure of our look; label is its text for screen readers (kept in meta)."""
    base = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hovermode": "closest",
        "showlegend": False,
        "meta": {"label": label},
        "template": "none",
    }
    return go.Figure(traces, {**base, **layout})


def colorbar(title: str) -> dict[str, Any]:
    """Lay a slim horizontal colour bar over a figure, so that phones keep the width."""
    return {
        "orientation": "h",
        "thickness": 10,
        "len": 0.5,
        "x": 1,
        "xanchor": "right",
        "y": 1.0,
        "yanchor": "bottom",
        "title": {"text": title, "side": "top"},
        "outlinewidth": 0,
    }
