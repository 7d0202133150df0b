"""Accuracy against the share of channels removed: a curve an order, random ones as a band."""

from collections.abc import Iterator

import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.removal import RANDOM, Curve, Removal
from seviz.words.removal import NAMES, SHORT, loss_words, what_words

COLOURS = {
    "gate": style.ARMS["intact"],
    "deviation": style.ARMS["static"],
    "score": style.ARMS["twin"],
    RANDOM: style.NEUTRAL,
}
MARKS = {"gate": "circle", "deviation": "square", "score": "diamond"}


def removal_chart(found: Removal) -> go.Figure:
    """Draw the accuracy in percent by order, from the intact network on; bars are intervals."""
    traces = [*_random(found), *(_curve(found, curve) for curve in found.orders)]
    return style.figure(
        traces,
        height=380,
        label=f"Accuracy with a share {what_words(found)} removed. The table holds all figures.",
        margin={"l": 8, "r": 12, "t": 52, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "title": {"text": "channels removed, %"},
            "range": [-2, 102],
            "automargin": True,
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "top-1, %"},
            "rangemode": "tozero",
            "automargin": True,
            "zeroline": False,
        },
    )


def _shares(found: Removal) -> list[float]:
    return [0.0, *(100 * share for share in found.shares)]


def _curve(found: Removal, curve: Curve) -> go.Scatter:
    """Draw an order; its bars are the intervals of the difference from the intact network."""
    intact = 100 * found.accuracy
    texts = [
        f"{p.share:.0%} removed, {NAMES[curve.order]} first: {100 * p.accuracy:.1f} %"
        f"<br>{loss_words(p.lost)}"
        for p in curve.points
    ]
    values = [intact, *(100 * p.accuracy for p in curve.points)]
    reach = [0.0, *(100 * (p.lost.high - p.lost.mean) for p in curve.points)]
    down = [min(reach, value) for reach, value in zip(reach, values, strict=True)]  # not below 0
    return go.Scatter(
        x=_shares(found),
        y=values,
        mode="lines+markers",
        name=SHORT[curve.order],
        line={"color": COLOURS[curve.order], "width": 2},
        marker={"symbol": MARKS[curve.order], "size": 8},
        error_y={"array": reach, "arrayminus": down, "thickness": 1.2, "width": 4},
        customdata=[f"intact: {intact:.1f} %", *texts],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _random(found: Removal) -> Iterator[go.Scatter]:
    """Draw the mean of the random orders, over the band between their least and greatest."""
    if not found.random:
        return
    intact, colour = 100 * found.accuracy, COLOURS[RANDOM]
    mean, low, high = (
        [intact, *(100 * value for value in values)] for values in zip(*found.random, strict=True)
    )
    shared = {
        "x": _shares(found),
        "mode": "lines",
        "legendgroup": RANDOM,
        "hoverinfo": "skip",
        "showlegend": False,
        "line": {"width": 0, "color": colour},
    }
    yield go.Scatter(y=low, meta={"column": "random, from"}, **shared)
    yield go.Scatter(
        y=high,
        fill="tonexty",
        fillcolor=style.faint(colour, 0.25),
        meta={"column": "to"},
        **shared,
    )
    yield go.Scatter(
        x=_shares(found),
        y=mean,
        mode="lines",
        name=f"{RANDOM}: mean and range by seed",
        legendgroup=RANDOM,
        line={"color": colour, "width": 2, "dash": "dot"},
        customdata=[[a, b] for a, b in zip(low, high, strict=True)],
        hovertemplate="%{x:.0f} % removed at random: mean %{y:.1f} %<br>by seed "
        "%{customdata[0]:.1f} to %{customdata[1]:.1f} %<extra></extra>",
    )
