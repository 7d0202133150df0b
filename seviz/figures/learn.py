"""The figures of the guided path: the way from z to s, and the costs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.learn.excited import Excitation
from seviz.measuring.costs import Costs
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.words.se import EXCITATIONS

ROW, GAP = 1.0, 1.35  # heights of a strip and of what lies between two
NARROWEST = 0.24  # of the width: the hidden numbers' strip stays legible


def excitation_strips(found: Excitation, channel: int) -> go.Figure:
    """Draw z, the hidden numbers and s as strips, one cell a number, W₁ and W₂ between them.

    A cell of z or s answers to its channel; the strips' meta is "z" or "s".
    """
    rows = [("z", found.z, 1.0, f"z: {len(found.z)} numbers")]
    if found.hidden is not None:
        share = max(len(found.hidden) / len(found.z), NARROWEST)
        rows.append(("hidden", found.hidden, share, f"δ(W₁z): {len(found.hidden)} numbers"))
    rows.append(("s", found.s, 1.0, f"s: {len(found.s)} gates"))
    levels = [-(ROW + GAP) * i for i in range(len(rows))]
    strips = [
        _strip(*row[:3], level=level, site=found.site)
        for row, level in zip(rows, levels, strict=True)
    ]
    function = EXCITATIONS[found.site.excitation].symbol
    names = ["W, then " + function]
    if found.hidden is not None:
        names = ["W₁, then δ", "W₂, then " + function]
    funnels = [
        _funnel(
            top=levels[i] - ROW / 2,
            wide=rows[i][2],
            bottom=levels[i + 1] + ROW / 2,
            narrow=rows[i + 1][2],
        )
        for i in range(len(rows) - 1)
    ]
    titles = [
        style.heading(row[3]) | {"xref": "x", "yref": "y", "x": (1 - row[2]) / 2, "y": level + 0.5}
        for row, level in zip(rows, levels, strict=True)
    ]
    between = [
        _between(name, (levels[i] + levels[i + 1]) / 2 - 0.08) for i, name in enumerate(names)
    ]
    place = (channel + 0.5) / len(found.z)
    return style.figure(
        [*strips, *(_marked(place, level, channel) for level in (levels[0], levels[-1]))],
        height=80 + 92 * len(rows),
        label=f"Excitation of {found.site.name}: z, hidden numbers, gates s; channel "
        f"{channel} is marked: z = {found.z[channel]:.4g}, s = {found.s[channel]:.4f}",
        shapes=funnels,
        annotations=titles + between,
        xaxis={"visible": False, "range": [-0.005, 1.005]},
        yaxis={"visible": False, "range": [levels[-1] - 0.95, 1.05]},
    )


def _strip(name: str, values: Floats, width: float, *, level: float, site: Site) -> go.Heatmap:
    limit = max(float(np.abs(values).max()), 1e-12)
    look: dict[str, Any] = {"colorscale": style.SIGNED, "zmin": -limit, "zmax": limit}
    if name == "s" and site.excitation != "tanh":
        top = 1.0 if site.excitation == "sigmoid" else max(1.0, limit)
        look = {"colorscale": style.GATES, "zmin": 0, "zmax": top}
    elif name == "s":
        look |= {"zmin": -1, "zmax": 1}
    cell = width / len(values)
    what = "hidden number" if name == "hidden" else "channel"
    return go.Heatmap(
        z=values[None],
        x0=(1 - width) / 2 + cell / 2,
        dx=cell,
        y0=level,
        dy=ROW,
        meta=name,
        customdata=np.arange(len(values), dtype=np.int16)[None],
        hovertemplate=f"{what} %{{customdata}}: %{{z:.4f}}<extra>{name}</extra>",
        showscale=False,
        **look,
    )


def _funnel(*, top: float, wide: float, bottom: float, narrow: float) -> dict[str, Any]:
    """Shade between two strips: each number below is made of all above."""
    a, b = (1 - wide) / 2, (1 - narrow) / 2
    return {
        "type": "path",
        "path": f"M {a} {top} L {1 - a} {top} L {1 - b} {bottom} L {b} {bottom} Z",
        "fillcolor": style.faint(style.INTACT, 0.13),
        "line": {"width": 0},
        "layer": "below",
    }


def _between(text: str, y: float) -> dict[str, Any]:
    return {
        "text": text,
        "x": 0.5,
        "y": y,
        "xref": "x",
        "yref": "y",
        "showarrow": False,
        "font": {"size": 13},
    }


def _marked(x: float, level: float, channel: int) -> go.Scatter:
    return go.Scatter(
        x=[x],
        y=[level - ROW / 2 - 0.16],
        mode="markers+text",
        marker={"symbol": "triangle-up", "size": 12, "color": style.OTHER},
        text=[f"<b>{channel}</b>"],
        textposition="middle right" if x < 0.9 else "middle left",
        textfont={"size": 13},
        hoverinfo="skip",
        cliponaxis=False,
    )


def cost_bars(found: Costs) -> go.Figure:
    """Draw the parameters that each block adds: the article's formula, and what is beyond it."""
    names = [block.name for block in found.blocks]
    formula = [block.formula for block in found.blocks]
    counted = [block.projections + block.biases + block.other for block in found.blocks]
    return style.figure(
        [
            _bars(names, formula, name="by the formula, 2·C²/r", colour=style.INTACT, found=found),
            _bars(names, counted, name="counted", colour=style.OTHER, found=found),
        ],
        height=320,
        label="Parameters that each SE block adds, by the formula and as counted",
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="group",
        bargap=0.25,
        xaxis={"automargin": True, "showgrid": False, "type": "category"},
        yaxis={"title": {"text": "parameters"}, "automargin": True, "rangemode": "tozero"},
    )


def _bars(
    names: list[str], values: Sequence[float], *, name: str, colour: str, found: Costs
) -> go.Bar:
    widths: npt.NDArray[np.int64] = np.array([[b.channels, b.reduced] for b in found.blocks])
    return go.Bar(
        x=names,
        y=list(values),
        name=name,
        marker={"color": colour},
        customdata=widths,
        hovertemplate=f"%{{x}}, C = %{{customdata[0]}}, width %{{customdata[1]}}<br>"
        f"{name}: %{{y:,.0f}}<extra></extra>",
    )
