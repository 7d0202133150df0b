"""Colours and layout shared by all figures; text and grid colours are the page's own.

Gates have a sequential scale from 0 to 1; signed values a diverging one around 0.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from seviz.records.numbers import Floats

# The columns of a comparison. Any two differ for colour-blind readers, too, and each stands out
# from the page in light and in dark (tests/figures/test_style.py).
ARMS = {
    "intact": "#2b8cbe",
    "static": "#d9691a",
    "identity": "#828183",
    "uniform": "#6e916a",
    "shuffled": "#4952f9",
    "twin": "#b8368f",
    "edited": "#c63425",
}
INTACT, OTHER = ARMS["intact"], ARMS["static"]
NEUTRAL = ARMS["identity"]  # references, zero lines, what is random
GATES = "Viridis"
SIGNED = "RdBu_r"
AGAINST, FOR = "#1b63ae", "#c0182d"  # the ends of the diverging scale, where a photograph shows
# Classes are drawn in the arms' colours: as many as any reader can tell apart. A photograph among
# them is dashed, too.
CLASSES = tuple(ARMS[a] for a in ("intact", "static", "twin", "uniform", "shuffled", "edited"))
PHOTO = "#4a725a"
OPEN, SHUT = ARMS["twin"], ARMS["uniform"]  # shares of gates near 1 and near 0

Figure = go.Figure  # for those who return one, and may not import Plotly


def faint(colour: str, opacity: float) -> str:
    """Return a #rrggbb colour as CSS with an opacity between 0 and 1."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgba({red},{green},{blue},{opacity})"


def evidence(sign: str) -> list[tuple[float, str]]:
    """Return a diverging scale that lets a photograph show through where a value is near 0.

    sign: “both”, or “for” and “against”, which leave the other half of the scale empty.
    """
    ends = {"both": (1, 1), "for": (0, 1), "against": (1, 0)}[sign]
    opacities = [round((i / 10) ** 0.75, 3) for i in range(11)]
    # Each half ends clear in its own colour: one stop for both would mix them to purple.
    against = [(0.5 - i / 20, faint(AGAINST, ends[0] * opacities[i])) for i in range(10, -1, -1)]
    return against + [(0.5 + i / 20, faint(FOR, ends[1] * opacities[i])) for i in range(11)]


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


def sourced(drawn: go.Figure, source: str) -> go.Figure:
    """Let a figure say what it is of, where it is printed; returns it (kept in meta)."""
    drawn.update_layout(meta={**(drawn.layout.meta or {}), "source": source})
    return drawn


def colorbar(title: str) -> dict[str, Any]:
    """Lay a slim horizontal colour bar over a figure, so that phones keep the width."""
    return {
        "orientation": "h",
        "thickness": 10,
        "len": 0.5,
        "x": 1,
        "xanchor": "right",
        "y": 0.9999,  # at 1, Plotly would push a printed figure's title out of it
        "yanchor": "bottom",
        "ypad": 6,  # by default Plotly takes 20 pixels more from the figure
        "tickfont": {"size": 11},
        "title": {"text": title, "side": "top"},
        "outlinewidth": 0,
    }


def heading(text: str) -> dict[str, Any]:
    """Write a few words over a figure, at its left; `colorbar` leaves them half the width."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 13},
    }


def rows_axis(names: Sequence[str], **more: Any) -> dict[str, Any]:
    """Lay an axis of named rows, at 0, 1, 2 … from the top down."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [len(names) - 0.5, -0.5],
        "automargin": True,
        "ticks": "",
        **more,
    }


def rows_margin(names: Sequence[str], *, top: int, bottom: int) -> dict[str, Any]:
    """Return fixed margins that leave room for the rows' names: Plotly's own leave too much."""
    widest = max(map(len, names), default=0)
    return {"l": 12 + round(6.6 * widest), "r": 10, "t": top, "b": bottom, "autoexpand": False}


def band(
    names: Sequence[str], low: Floats, high: Floats, *, name: str, opacity: float
) -> list[go.Scatter]:
    """Fill between two curves over named blocks; `meta` names them in the chart's table."""
    line = {"width": 0, "color": INTACT}
    shared = {"x": names, "mode": "lines", "line": line, "hoverinfo": "skip", "legendgroup": name}
    fill = faint(INTACT, opacity)
    return [
        go.Scatter(y=low, showlegend=False, meta={"column": f"{name}, from"}, **shared),
        go.Scatter(
            y=high, name=name, fill="tonexty", fillcolor=fill, meta={"column": "to"}, **shared
        ),
    ]
