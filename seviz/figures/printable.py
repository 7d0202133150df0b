"""What a figure is on paper: dark text on white or on nothing, under its title and its source.

The page and reports do the same in the browser (`charts.js`), with the same `PRINT`; a test
compares both.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

WHITE, CLEAR = "white", "transparent"
GROUNDS = {WHITE: "#ffffff", CLEAR: "rgba(0,0,0,0)"}
PRINT: dict[str, Any] = {
    "ink": "#1a2530",
    "muted": "#51606f",  # of the source
    "grid": "#d5dee6",
    "grounds": GROUNDS,
    # Each machine has one of these, and all are about as wide.
    "family": "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif",
    "size": 12,  # pixels, as the next ones
    "title": 15,
    "source": 10,
    "standoff": 8,  # between an axis and its title
    "edge": 12,  # around the figure
    "least": 480,  # width
    "letter": 0.56,  # width of a letter, as a share of the size of the type
    "line": 1.3,  # height of a line, as a share of the size of its type: Plotly's own
}
WIDTH = 900  # pixels
CHARTS_JS = (Path(__file__).parent / "charts.js").read_text("utf-8")
AXIS = re.compile(r"[xy]axis\d*")


def printable(
    figure: go.Figure,
    *,
    title: str = "",
    source: str = "",
    ground: str = WHITE,
    width: int = WIDTH,
) -> go.Figure:
    """Return a figure as it is printed; its height grows by the lines that stand over it.

    title: by default the figure's text for screen readers; source: what it is of and how it is
    made, by default what `style.sourced` gave it; ground: one of `GROUNDS`; width: in pixels.
    """
    plain = figure.to_plotly_json()
    layout: dict[str, Any] = plain["layout"]
    width = max(width, PRINT["least"])
    said = layout.get("meta") or {}
    head, above = _head(title or said.get("label", ""), source or said.get("source", ""), width)
    edge, margin = PRINT["edge"], layout.get("margin", {})
    own = layout.get("height", 450)
    height = own + above + edge
    axes = {name: _axis(axis) for name, axis in layout.items() if AXIS.fullmatch(name)}
    return go.Figure(
        plain["data"],
        {
            **layout,
            **axes,
            **_legend(layout.get("legend", {}), own, height),
            "title": {**head, "y": 1 - (edge + PRINT["title"]) / height},
            "width": width,
            "height": height,
            "margin": {
                **margin,
                "l": margin.get("l", 80) + edge,
                "r": margin.get("r", 80) + edge,
                "t": margin.get("t", 100) + above,
                "b": margin.get("b", 80) + edge,
            },
            "font": {
                "size": PRINT["size"],
                **layout.get("font", {}),
                "color": PRINT["ink"],
                "family": PRINT["family"],
            },
            "paper_bgcolor": GROUNDS[ground],
            "plot_bgcolor": GROUNDS[CLEAR],
        },
    )


def _axis(axis: dict[str, Any]) -> dict[str, Any]:
    """Return an axis in the colours of paper, with a title that Plotly keeps room for."""
    grid, title = PRINT["grid"], axis.get("title", {})
    titled = {"title": {"standoff": PRINT["standoff"], **title}} if title.get("text") else {}
    return {"gridcolor": grid, "zerolinecolor": grid, "linecolor": grid, **axis, **titled}


def _legend(legend: dict[str, Any], own: int, height: int) -> dict[str, Any]:
    """Keep a legend that is placed by the figure's edges off the head; own: the height before."""
    if legend.get("yref") != "container":
        return {}
    return {"legend": {**legend, "y": (legend["y"] * own + PRINT["edge"]) / height}}


def _head(title: str, source: str, width: int) -> tuple[dict[str, Any], int]:
    """Return title and source as Plotly's title and subtitle, and the pixels that they take."""
    edge = PRINT["edge"]
    first = [*_lines(title, width, size=PRINT["title"])]
    below = [*_lines(source, width, size=PRINT["source"])]
    pixels = (len(first) * PRINT["title"] + (1 + len(below)) * PRINT["source"]) * PRINT["line"]
    head = {
        "text": "<br>".join(f"<b>{line}</b>" for line in first),
        "font": {"size": PRINT["title"], "color": PRINT["ink"]},
        "subtitle": {
            "text": "<br>".join(below),
            "font": {"size": PRINT["source"], "color": PRINT["muted"]},
        },
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "yref": "container",
        # By its top, browsers would set a title of several lines higher, and others not.
        "yanchor": "bottom",
        "pad": {"l": edge},
    }
    return head, int(pixels + 0.5) + 2 * edge  # as browsers round


def _lines(text: str, width: int, *, size: int) -> Iterator[str]:
    """Break a text into lines that fit a width, as Plotly does not; what is HTML is escaped."""
    most = max(8, int((width - 2 * PRINT["edge"]) / (PRINT["letter"] * size)))
    line = ""
    for word in _words(text, most):
        if line and len(line) + 1 + len(word) > most:
            yield _plain(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield _plain(line)


def _words(text: str, most: int) -> Iterator[str]:
    """Yield the words of a text, none of more letters than a line."""
    for word in text.split():
        for start in range(0, len(word), most):
            yield word[start : start + most]


def _plain(text: str) -> str:
    """Escape what Plotly would read as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
