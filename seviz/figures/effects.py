"""Single gates and an answer: the effect of each, what drives one, and whether it is usual."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from seviz.figures import style
from seviz.figures.atlas import BOTTOM, ROW_PIXELS, TOP, order
from seviz.records.analysis import Drivers, Effects
from seviz.records.numbers import Floats
from seviz.words.target import score_name

NEGATIVE, POSITIVE = sample_colorscale(style.SIGNED, [0.12, 0.88])


def effects_map(effects: Effects) -> go.Figure:
    """Draw s·∂logit/∂s of every channel; of two classes, the slope is that of the lead."""
    return channel_map(
        effects.first_order,
        name=f"s·∂{score_name(effects.target)}/∂s",
        label=f"First-order effects of all gates on “{effects.target.label}”, block by channel",
    )


def channel_map(values: Mapping[str, Floats], *, name: str, label: str) -> go.Figure:
    """Draw a signed value of every channel, a row a block, on one symmetric scale for all blocks.

    values: C by block; in each row the largest come first, as the strongest of a block then stand
    at the ends. name: what the values are called; label: for screen readers. A cell's custom data
    is its channel.
    """
    limit = max(*(float(abs(e).max()) for e in values.values()), 1e-12)
    names = list(values)
    rows = [
        _row(depth, block, values[block], limit=limit, values=name)
        for depth, block in enumerate(names)
    ]
    rows[0].update(showscale=True, colorbar=style.colorbar(name))
    return style.figure(
        rows,
        height=TOP + BOTTOM + ROW_PIXELS * len(names),
        label=label,
        margin=style.rows_margin(names, top=TOP, bottom=BOTTOM),
        xaxis={"range": [0, 1], "visible": False},
        yaxis=style.rows_axis(names, showgrid=False),
    )


def drivers_chart(drivers: Drivers, top: int = 8) -> go.Figure:
    """Draw the `top` largest positive and negative ∂s_c/∂z_j as bars, the largest on top."""
    ranked = np.argsort(-drivers.jacobian, kind="stable")
    positive = [j for j in ranked[:top] if drivers.jacobian[j] > 0]
    negative = [j for j in ranked[-top:] if drivers.jacobian[j] < 0]
    shown = np.array(positive + negative, np.intp)
    values = drivers.jacobian[shown]
    bars = go.Bar(
        x=values,
        y=np.arange(len(shown)),
        orientation="h",
        width=0.7,
        marker={"color": [POSITIVE if value > 0 else NEGATIVE for value in values]},
        customdata=np.stack([shown, drivers.z[shown]], 1),
        hovertemplate="z of channel %{customdata[0]:d}: slope ∂s/∂z = %{x:.4g}<br>"
        "here z = %{customdata[1]:.4g}<extra></extra>",
    )
    return style.figure(
        [bars],
        height=112 + 18 * 2 * top,
        label=f"The z that drive gate {drivers.channel} of {drivers.site}",
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        xaxis={
            "title": {"text": f"how fast s<sub>{drivers.channel}</sub> rises with z (∂s/∂z)"},
            "automargin": True,
        },
        yaxis=style.rows_axis(
            [f"z {j}" for j in shown], range=[2 * top - 0.5, -0.5], zeroline=False
        ),
    )


def percentile_chart(
    site_name: str, percentiles: npt.NDArray[np.float64], channel: int
) -> go.Figure:
    """Draw where a block's gates (C, 0–100) lie among the reference images, this one marked.

    The channels are sorted: those of a photograph like all others lie on the diagonal.
    """
    ranked = np.argsort(percentiles, kind="stable")
    place, here = int(np.flatnonzero(ranked == channel)[0]), float(percentiles[channel])
    last = max(len(ranked) - 1, 1)
    dots = go.Scatter(
        x=np.arange(len(ranked)),
        y=percentiles[ranked],
        mode="markers",
        marker={"color": style.INTACT, "size": 4 if len(ranked) > 128 else 6},
        customdata=ranked,
        meta={"key": "customdata"},
        hovertemplate="channel %{customdata}: larger than for %{y:.0f} % of the images"
        "<extra></extra>",
    )
    usual = go.Scatter(
        x=[0, last],
        y=[0, 100],
        mode="lines",
        line={"color": style.NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    marked = go.Scatter(
        x=[place],
        y=[here],
        mode="markers",
        marker={"color": style.OTHER, "size": 13, "symbol": "diamond"},
        hoverinfo="skip",
    )
    return style.figure(
        [usual, dots, marked],
        height=112 + 18 * 16,
        label=f"Percentiles of the gates of {site_name} among the reference images",
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        xaxis={
            "title": {"text": f"channels of {site_name}, by percentile"},
            "range": [-0.02 * last, 1.02 * last],
            "showticklabels": False,
            "automargin": True,
            "zeroline": False,
        },
        yaxis={
            "title": {"text": "percentile of s"},
            "range": [-4, 104],
            "tickvals": [0, 25, 50, 75, 100],
            "automargin": True,
            "zeroline": False,
        },
        annotations=[
            {
                "text": f"◆ channel {channel}: percentile {here:.0f}",
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13},
            }
        ],
    )


def _row(depth: int, name: str, of_block: Floats, *, limit: float, values: str) -> go.Heatmap:
    """Draw one block's channels as a row; its name is the trace's meta."""
    drawn = order(of_block)
    count = len(of_block)
    return go.Heatmap(
        z=of_block[drawn][None],
        x0=0.5 / count,
        dx=1 / count,
        y0=depth,
        dy=1,
        meta=name,
        customdata=drawn.astype(np.int16)[None],
        hovertemplate=f"%{{meta}} · channel %{{customdata}} of {count}<br>"
        f"{values} = %{{z:.4g}}<extra></extra>",
        colorscale=style.SIGNED,
        zmin=-limit,
        zmax=limit,
        ygap=2,
        showscale=False,
    )
