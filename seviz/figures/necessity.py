"""Which blocks an answer needs: what the target's logit loses when gates are replaced."""

import numpy as np
import plotly.graph_objects as go

from seviz.figures import style
from seviz.phrases import minus
from seviz.records.analysis import Necessity
from seviz.records.numbers import Floats
from seviz.words.target import score_name, score_title

ROW_PIXELS = 22
ALONE, ONWARD = 0, 1  # rows of a Necessity
NAMES = ("this block alone", "this block and all after it")
FLIPS = "the top answer changes"
APART = 0.24  # of a row: where both changes flip the answer, their signs stand over one another


def necessity_chart(necessity: Necessity) -> go.Figure:
    """Draw a row a block, the first on top: a bar for it alone, a line for it and all after it."""
    rows = np.arange(len(necessity.sites))
    bars = go.Bar(
        y=rows,
        x=necessity.logit[ALONE],
        orientation="h",
        name=NAMES[ALONE],
        marker={"color": style.INTACT},
        width=0.62,
        **_hover(necessity, ALONE),
    )
    line = go.Scatter(
        y=rows,
        x=necessity.logit[ONWARD],
        mode="lines+markers",
        name=NAMES[ONWARD],
        line={"color": style.OTHER, "width": 2},
        marker={"size": 7},
        **_hover(necessity, ONWARD),
    )
    return style.figure(
        [bars, line, _crosses(necessity), *([_legend()] if necessity.flipped.any() else [])],
        height=105 + ROW_PIXELS * len(rows),
        label=f"Change of the {score_title(necessity.target)} when a block's gates are replaced, "
        "block by block",
        margin={"l": 8, "r": 12, "t": 52, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={
            "title": {"text": f"Δ{score_title(necessity.target)}"},
            "range": _range(necessity.logit),
            "automargin": True,
            "zeroline": True,
            "zerolinecolor": style.faint(style.NEUTRAL, 0.9),
        },
        yaxis=style.rows_axis(necessity.sites, zeroline=False),
        uirevision=necessity.model,
    )


def _hover(necessity: Necessity, row: int) -> dict[str, object]:
    """Write each block's figures and name it; a class's name in the template could break it."""
    score = score_name(necessity.target)
    texts = [
        f"{name}, {'alone' if row == ALONE else 'and all after it'}<br>"
        f"Δ{score} {logit:+.3f}, Δprobability {100 * probability:+.1f} points<br>"
        f"the top answer {'changes' if flipped else 'stays'}"
        for name, logit, probability, flipped in zip(
            necessity.sites,
            necessity.logit[row],
            necessity.probability[row],
            necessity.flipped[row],
            strict=True,
        )
    ]
    texts = [minus(text) for text in texts]
    marks = ["✕" if flipped else "" for flipped in necessity.flipped[row]]
    return {
        "customdata": texts,
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"marks": marks},
        "ids": necessity.sites,  # a click selects the block
    }


def _crosses(necessity: Necessity) -> go.Scatter:
    """Mark by a sign, not by colour alone, where the top answer changes.

    Where both the block alone and with all after it change it, the two signs stand apart.
    """
    moved = necessity.logit[necessity.flipped]
    changes, blocks = np.argwhere(necessity.flipped).T
    both = (necessity.flipped[ALONE] & necessity.flipped[ONWARD])[blocks]
    return go.Scatter(
        y=blocks + np.where(both, np.where(changes == ALONE, -APART, APART), 0),
        x=moved,
        mode="text",
        text=["✕"] * len(moved),
        textfont={"size": 13},
        textposition=np.where(moved < 0, "middle left", "middle right"),
        showlegend=False,
        legendgroup=FLIPS,
        hoverinfo="skip",
    )


def _legend() -> go.Scatter:
    """Explain the crosses in the legend: for texts, Plotly would show “Aa” there."""
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=FLIPS,
        legendgroup=FLIPS,
        marker={"symbol": "x-thin", "size": 9, "line": {"width": 2, "color": style.NEUTRAL}},
        hoverinfo="skip",
    )


def _range(logit: Floats) -> list[float]:
    """Leave room at both ends for the signs; keep a range where every change is 0."""
    low, high = min(float(logit.min()), 0.0), max(float(logit.max()), 0.0)
    room = max(0.08 * (high - low), 1e-3)
    return [low - room, high + room]
