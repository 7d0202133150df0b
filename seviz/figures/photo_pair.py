"""Two photographs: how far apart their gates are at each block, against pairs of reference images.

The axis is logarithmic: from one block to another the distances differ by orders of magnitude.
"""

import numpy as np
import plotly.graph_objects as go

from seviz.analysis.photo_pair import BlockDistance, Pair
from seviz.figures import style
from seviz.figures.depth import LEVELS
from seviz.phrases import minus
from seviz.records.numbers import Floats
from seviz.reference.profile import Profile

TITLES = {"cosine": "cosine distance of s", "difference": "mean |Δs|"}
CONSTANT = "at a constant block"
LEAST = 1e-16  # where no distance at all is drawn


def pair_chart(pair: Pair, profile: Profile | None, measure: str) -> go.Figure:
    """Draw a pair's distance per block by one of `MEASURES`, over the spread of reference pairs."""
    names = [block.site for block in pair.blocks]
    spread = _spread(names, profile, measure)
    return style.figure(
        [*_bands(names, spread), *_points(pair.blocks, measure)],
        height=420,
        label=f"The two photographs’ {TITLES[measure]} at each block along the depth",
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"automargin": True, "showgrid": False},
        yaxis={
            "type": "log",
            "title": {"text": TITLES[measure]},
            "exponentformat": "power",
            "automargin": True,
            "zeroline": False,
        },
        uirevision=f"{pair.model} {measure}",
    )


def _spread(names: list[str], profile: Profile | None, measure: str) -> Floats | None:
    """Return the quantiles LEVELS of the reference pairs' distances, 5×B; None where unknown."""
    if profile is None:
        return None
    known = np.stack([getattr(profile.blocks[name], f"{measure}_quantiles") for name in names])
    if np.isnan(known).any():  # a reference of one image has no pairs
        return None
    steps = np.linspace(0, 1, known.shape[1])
    return np.array([[np.interp(at, steps, row) for row in known] for at in LEVELS], np.float32)


def _bands(names: list[str], spread: Floats | None) -> list[go.Scatter]:
    """Draw where the middle nine tenths and the middle half of reference pairs are."""
    if spread is None:
        return []
    low, q1, median, q3, high = np.maximum(spread, LEAST)
    line = {"color": style.INTACT, "width": 1.5, "dash": "dot"}
    return [
        *style.band(names, low, high, name="5–95 % of reference pairs", opacity=0.18),
        *style.band(names, q1, q3, name="25–75 %", opacity=0.35),
        go.Scatter(x=names, y=median, mode="lines", name="median", line=line, hoverinfo="skip"),
    ]


def _points(blocks: tuple[BlockDistance, ...], measure: str) -> list[go.Scatter]:
    """Draw the pair itself; blocks that answer alike to every photograph are hollow."""
    constant = np.array([block.constant for block in blocks])
    line = {"color": style.OTHER, "width": 2}
    drawn = go.Scatter(
        x=[block.site for block in blocks],
        y=[max(block.value(measure), LEAST) for block in blocks],
        mode="lines+markers",
        name="these two photographs",
        line=line,
        marker={"size": 9, "symbol": np.where(constant, "circle-open", "circle").tolist()},
        customdata=[_told(block, measure) for block in blocks],
        hovertemplate="%{customdata}<extra></extra>",
    )
    if not constant.any():
        return [drawn]
    marker = {"size": 9, "symbol": "circle-open", "color": style.OTHER}
    key = go.Scatter(x=[None], y=[None], mode="markers", name=CONSTANT, marker=marker)
    return [drawn, key]


def _told(block: BlockDistance, measure: str) -> str:
    place = block.place(measure)
    among = "" if place is None else f"<br>farther than {place:.0f} % of reference pairs"
    return minus(f"{block.site}: {TITLES[measure]} {block.value(measure):.3g}{among}")
