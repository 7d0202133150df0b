"""A chart of how far apart two photographs' gates are, block by block.

Bands show the distances of pairs of reference images. The axis is logarithmic, as distances differ
by orders of magnitude from block to block.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from seviz.analysis.photo_pair import BlockDistance, PhotoPair
from seviz.figures import style
from seviz.figures.depth import LEVELS
from seviz.phrases import minus
from seviz.records.numbers import Floats
from seviz.reference.profile import Profile

TITLES = {"cosine": "cosine distance of s", "difference": "mean |Δs|"}
CONSTANT = "at a constant block"
LEAST = 1e-16  # where a distance of 0 is drawn, as a logarithmic axis has no 0


class Line(NamedTuple):
    """A line of distances: its name in the legend, its colour, and what it is of."""

    name: str
    colour: str
    pair: PhotoPair


def pair_chart(pair: PhotoPair, profile: Profile | None, measure: str) -> go.Figure:
    """Draw a pair's distance at each block; measure: a key of TITLES.

    profile: of the reference images; None leaves their bands out.
    """
    label = f"The two photographs’ {TITLES[measure]} at each block along the depth"
    lines = [Line("these two photographs", style.OTHER, pair)]
    return distances_chart(lines, profile, measure, label=label)


def distances_chart(
    lines: Sequence[Line], profile: Profile | None, measure: str, *, label: str
) -> go.Figure:
    """Draw lines of distances at each block, the first one with a point a block.

    profile and measure: as of `pair_chart`; label: the chart's text for screen readers.
    """
    pair = lines[0].pair
    names = [block.site for block in pair.blocks]
    quantiles = _quantiles(names, profile, measure)
    others = [_line(other, measure) for other in lines[1:]]
    return style.figure(
        [*_bands(names, quantiles), *others, *_points(lines[0], measure)],
        height=400,
        label=label,
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"automargin": True, "showgrid": False, "tickangle": -90},
        yaxis={
            "type": "log",
            "title": {"text": TITLES[measure]},
            "exponentformat": "power",
            "automargin": True,
            "zeroline": False,
        },
        uirevision=f"{pair.model} {measure}",
    )


def _quantiles(names: list[str], profile: Profile | None, measure: str) -> Floats | None:
    """Return the reference pairs' distances at the quantiles LEVELS, 5×B; None where unknown."""
    if profile is None:
        return None
    stored = np.stack([getattr(profile.blocks[name], f"{measure}_quantiles") for name in names])
    if np.isnan(stored).any():  # a reference of one image has no pairs
        return None
    levels = np.linspace(0, 1, stored.shape[1])
    return np.array([[np.interp(at, levels, row) for row in stored] for at in LEVELS], np.float32)


def _bands(names: list[str], quantiles: Floats | None) -> list[go.Scatter]:
    """Draw bands of the middle 90 % and the middle half of reference pairs, and the median."""
    if quantiles is None:
        return []
    low, q1, median, q3, high = np.maximum(quantiles, LEAST)
    line = {"color": style.INTACT, "width": 1.5, "dash": "dot"}
    column = {"meta": {"column": "median"}}
    return [
        *style.band(names, low, high, name="5–95 % of reference pairs", opacity=0.18),
        *style.band(names, q1, q3, name="25–75 %", opacity=0.35),
        go.Scatter(
            x=names, y=median, mode="lines", name="median", line=line, hoverinfo="skip", **column
        ),
    ]


def _line(line: Line, measure: str) -> go.Scatter:
    """Draw a further line of distances, dashed."""
    return go.Scatter(
        x=[block.site for block in line.pair.blocks],
        y=[max(block.value(measure), LEAST) for block in line.pair.blocks],
        mode="lines",
        name=line.name,
        line={"color": line.colour, "width": 2, "dash": "dash"},
        customdata=[_hover_text(block, measure) for block in line.pair.blocks],
        hovertemplate=f"{line.name}<br>%{{customdata}}<extra></extra>",
    )


def _points(first: Line, measure: str) -> list[go.Scatter]:
    """Draw the pair's distances; constant blocks have hollow markers and an entry in the legend.

    A constant block's gates hardly depend on the photograph.
    """
    blocks = first.pair.blocks
    constant = np.array([block.constant for block in blocks])
    line = {"color": first.colour, "width": 2}
    distances = go.Scatter(
        x=[block.site for block in blocks],
        y=[max(block.value(measure), LEAST) for block in blocks],
        mode="lines+markers",
        name=first.name,
        line=line,
        marker={"size": 9, "symbol": np.where(constant, "circle-open", "circle").tolist()},
        ids=[block.site for block in blocks],  # a click selects the block
        customdata=[_hover_text(block, measure) for block in blocks],
        hovertemplate="%{customdata}<extra></extra>",
    )
    if not constant.any():
        return [distances]
    marker = {"size": 9, "symbol": "circle-open", "color": first.colour}
    legend_entry = go.Scatter(x=[None], y=[None], mode="markers", name=CONSTANT, marker=marker)
    return [distances, legend_entry]


def _hover_text(block: BlockDistance, measure: str) -> str:
    place = block.place(measure)
    among = "" if place is None else f"<br>farther than {place:.0f} % of reference pairs"
    return minus(f"{block.site}: {TITLES[measure]} {block.value(measure):.3g}{among}")
