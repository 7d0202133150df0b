"""A data set's images as points, and how much class is in the gates along the depth."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.image_map import ImageMap

# Of chosen classes, in their order; the symbols tell them apart without colours, too.
COLOURS = [
    style.ARMS[name] for name in ("static", "intact", "twin", "uniform", "edited", "shuffled")
]
SYMBOLS = ["circle", "square", "diamond", "triangle-up", "x", "star"]
MOST = len(COLOURS)  # classes with a colour
HEIGHT = 480
DRAGS = ("lasso", "select")  # what is drawn around points; the second is a box
DEPTH_HEIGHT = 260


def points_map(
    shown: ImageMap,
    classes: Sequence[str],
    *,
    drag: str = "lasso",
    selections: Mapping[str, Sequence[int]] | None = None,
) -> go.Figure:
    """Draw the images as points: up to `MOST` classes in colours, the others in grey.

    A point's custom data is its place in the sample, its class and its image. drag: what is drawn
    around points to select them, a lasso or a select (box); selections: the places of the points
    around which rings are drawn, by the selection's name.
    """
    chosen = list(dict.fromkeys(classes))[:MOST]
    others = [i for i, point in enumerate(shown.points) if point.label not in chosen]
    traces = [_dots(shown, others, "other classes" if chosen else "an image", _grey(bool(chosen)))]
    for label, colour, symbol in zip(chosen, COLOURS, SYMBOLS, strict=False):
        marker = {"color": colour, "size": 9, "symbol": symbol}
        traces.append(_dots(shown, shown.of_class(label), label, marker))
    for name, places in (selections or {}).items():
        traces.append(_rings(shown, places, name))
    first, second = _axes(shown)
    return style.figure(
        traces,
        height=HEIGHT,
        label=f"{len(shown.points)} images as points, by the gates of {shown.site}",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        meta={
            "label": f"{len(shown.points)} images as points, by the gates of {shown.site}",
            "selects": drag,
        },
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        uirevision=f"{shown.site} {shown.method}",  # keeps the zoom
        selectionrevision=str(selections),  # what was drawn goes, its points have rings
        xaxis={"title": {"text": first}, "automargin": True, "zeroline": False},
        yaxis={"title": {"text": second}, "automargin": True, "zeroline": False},
    )


def depth_chart(shown: ImageMap) -> go.Figure | None:
    """Draw how often the nearest images name an image's class, block by block, against chance.

    None where that is not known of any block.
    """
    known = [of for of in shown.neighbours if of.accuracy is not None]
    if not known:
        return None
    names = [of.site for of in known]
    line = go.Scatter(
        x=names,
        y=[of.accuracy for of in known],
        mode="lines+markers",
        name="nearest images name the class",
        ids=names,  # a click opens the block
        line={"color": style.INTACT, "width": 2},
        marker={
            "size": [11 if of.site == shown.site else 7 for of in known],
            "color": [style.OTHER if of.site == shown.site else style.INTACT for of in known],
        },
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    chance = go.Scatter(
        x=names,
        y=[shown.chance] * len(names),
        mode="lines",
        name="by chance",
        line={"color": style.NEUTRAL, "width": 1.5, "dash": "dot"},
        hovertemplate="by chance: %{y:.1%}<extra></extra>",
    )
    return style.figure(
        [chance, line],
        height=DEPTH_HEIGHT,
        label="How often the nearest images by the gates of a block name an image’s class",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        xaxis={"automargin": True},
        yaxis={
            "title": {"text": "right answers"},
            "tickformat": ".0%",
            "rangemode": "tozero",
            "automargin": True,
        },
    )


def _grey(faint: bool) -> dict[str, Any]:
    """Return the markers of images of no chosen class, fainter beside coloured ones."""
    return {"color": style.faint(style.NEUTRAL, 0.45 if faint else 0.8), "size": 6}


def _dots(shown: ImageMap, places: Sequence[int], name: str, marker: dict[str, Any]) -> go.Scatter:  # noqa: PLR0917
    points = [shown.points[i] for i in places]
    return go.Scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        mode="markers",
        name=name,
        marker=marker,
        customdata=[[i, point.label, point.image] for i, point in zip(places, points, strict=True)],
        hovertemplate="%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )


def _rings(shown: ImageMap, places: Sequence[int], name: str) -> go.Scatter:
    points = [shown.points[i] for i in places]
    symbol = "circle-open" if name == "A" else "square-open"
    return go.Scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        mode="markers",
        name=f"selection {name}",
        marker={"color": style.NEUTRAL, "size": 14, "symbol": symbol, "line": {"width": 1.5}},
        hoverinfo="skip",
    )


def _axes(shown: ImageMap) -> tuple[str, str]:
    if shown.explained is None:
        return "UMAP 1", "UMAP 2"
    first, second = (f"{100 * share:.0f} % of the variance" for share in shown.explained)
    return f"component 1, {first}", f"component 2, {second}"
