"""By depth: what the gates of each block tell of classes, and how many of them stand still."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.classes import BlockSelectivity
from seviz.records.sites import NEAR_ONE
from seviz.words.classes import stages_of

SHARE = "share of variance between classes (η²)"
SELECTIVITY = "class selectivity"
CONSTANT, SATURATED = "constant channels", f"channels with mean s > {NEAR_ONE}"
NEIGHBOURS, CHANCE = "nearest neighbours name the class", "chance"


def selectivity_chart(blocks: Sequence[BlockSelectivity], *, chance: float) -> go.Figure:
    """Draw the measures of each block along the depth; a click on a point names its block.

    chance: how often the most frequent class would be right, which neighbours are compared with.
    """
    names, known = [block.block for block in blocks], blocks[0].neighbours is not None
    traces = [
        _share(blocks),
        _line(blocks, "selectivity", SELECTIVITY, colour=style.OTHER, symbol="diamond"),
        _bars(blocks, "constant", CONSTANT, colour=style.SHUT),
        _bars(blocks, "saturated", SATURATED, colour=style.OPEN),
    ]
    if known:
        shown = {"colour": style.CLASSES[4], "symbol": "square"}
        traces.append(_line(blocks, "neighbours", NEIGHBOURS, axis="y3", **shown))
        traces.append(_chance(names, chance))
    upper, middle, lower = (
        ((0.62, 1), (0.34, 0.54), (0, 0.26)) if known else ((0.4, 1), (0, 0.3), ())
    )
    layout: dict[str, Any] = {"yaxis": _axis("median over the channels", upper)}
    layout["yaxis2"] = _axis("channels", middle, tickformat=".0%")
    if known:
        layout["yaxis3"] = _axis("images", lower, tickformat=".0%")
    return style.figure(
        traces,
        height=560 if known else 440,
        label="What the gates of each block tell of an image’s class, along the depth",
        margin={"l": 8, "r": 8, "t": 76, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="group",
        xaxis={
            "anchor": "y3" if known else "y2",
            "automargin": True,
            "showgrid": False,
            "categoryorder": "array",
            "categoryarray": names,
            "autotickangles": [0, 90],
        },
        shapes=_between_stages(names),
        **layout,
    )


def _axis(title: str, domain: tuple[float, ...], **more: Any) -> dict[str, Any]:
    text = {"text": title}
    return {
        "domain": list(domain),
        "title": text,
        "automargin": True,
        "rangemode": "tozero",
        **more,
    }


def _share(blocks: Sequence[BlockSelectivity]) -> go.Scatter:
    """Draw the median η² with its interval, where that is known."""
    line = _line(blocks, "share", SHARE, colour=style.INTACT, symbol="circle")
    if any(block.share_low is None for block in blocks):
        return line
    above = [(b.share_high or 0) - (b.share or 0) for b in blocks]
    below = [(b.share or 0) - (b.share_low or 0) for b in blocks]
    bars = {"type": "data", "array": above, "arrayminus": below, "thickness": 1.5, "width": 4}
    ends = [f"<br>95 % interval {b.share_low:.3f} to {b.share_high:.3f}" for b in blocks]
    template = "%{x}: " + SHARE + " %{y:.3f}%{customdata}<extra></extra>"
    return line.update(error_y=bars, customdata=ends, hovertemplate=template)


def _line(
    blocks: Sequence[BlockSelectivity],
    attribute: str,
    name: str,
    *,
    colour: str,
    symbol: str,
    axis: str = "y",
) -> go.Scatter:
    digits = ".1%" if axis == "y3" else ".3f"
    return go.Scatter(
        x=[block.block for block in blocks],
        y=[getattr(block, attribute) for block in blocks],
        mode="lines+markers",
        name=name,
        yaxis=axis,
        line={"color": colour, "width": 2},
        marker={"size": 7, "symbol": symbol},
        ids=[block.block for block in blocks],
        meta={"format": digits},
        hovertemplate=f"%{{x}}: {name} %{{y:{digits}}}<extra></extra>",
    )


def _bars(blocks: Sequence[BlockSelectivity], attribute: str, name: str, *, colour: str) -> go.Bar:
    return go.Bar(
        x=[block.block for block in blocks],
        y=[getattr(block, attribute) for block in blocks],
        name=name,
        yaxis="y2",
        marker={"color": colour},
        ids=[block.block for block in blocks],
        hovertemplate=f"%{{x}}: {name}, %{{y:.1%}} of its channels<extra></extra>",
    )


def _chance(names: Sequence[str], chance: float) -> go.Scatter:
    return go.Scatter(
        x=names,
        y=[chance] * len(names),
        mode="lines",
        name=CHANCE,
        yaxis="y3",
        line={"color": style.NEUTRAL, "width": 1.5, "dash": "dot"},
        hovertemplate="chance: %{y:.1%}<extra></extra>",
    )


def _between_stages(names: Sequence[str]) -> list[dict[str, Any]]:
    """Draw a line between the last block of each stage and the first of the next."""
    stages = stages_of(names)
    return [
        {
            "type": "line",
            "x0": i - 0.5,
            "x1": i - 0.5,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": style.NEUTRAL, "width": 1, "dash": "dot"},
            "opacity": 0.5,
        }
        for i in range(1, len(names))
        if stages[i] != stages[i - 1]
    ]
