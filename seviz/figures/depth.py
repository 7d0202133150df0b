"""The depth profile: how a block's gates are distributed, from the first block to the last."""

import numpy as np
import plotly.graph_objects as go

from seviz.figures import style
from seviz.records import NEAR_ONE, NEAR_ZERO, Floats, Trace

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def depth_profile(trace: Trace, *, arm: int) -> go.Figure:
    """Draw quantile bands of s per block, over the shares of channels near 0 and near 1."""
    names = [site.name for site in trace.sites]
    gates = [trace.s_computed[name][arm] for name in names]
    low, q1, median, q3, high = np.array([np.quantile(g, LEVELS) for g in gates]).T
    traces = [
        *_band(names, low, high, "5–95 %", 0.18),
        *_band(names, q1, q3, "25–75 %", 0.35),
        go.Scatter(
            x=names,
            y=median,
            mode="lines+markers",
            name="median",
            line={"color": style.INTACT, "width": 2},
            customdata=np.stack([low, q1, q3, high], 1),
            hovertemplate="%{x}: median %{y:.3f}<br>25–75 %: %{customdata[1]:.3f} to "
            "%{customdata[2]:.3f}<br>5–95 %: %{customdata[0]:.3f} to %{customdata[3]:.3f}"
            "<extra></extra>",
        ),
        _share(names, [float((g > NEAR_ONE).mean()) for g in gates], f"s > {NEAR_ONE}", style.OPEN),
        _share(
            names, [-float((g < NEAR_ZERO).mean()) for g in gates], f"s < {NEAR_ZERO}", style.SHUT
        ),
    ]
    return style.figure(
        traces,
        height=420,
        label="Distribution of the gates of each block along the depth",
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="relative",
        xaxis={"anchor": "y2", "automargin": True, "showgrid": False},
        yaxis={
            "domain": [0.36, 1],
            "range": [0, 1],
            "title": {"text": "gate s"},
            "automargin": True,
            "zeroline": False,
        },
        yaxis2={
            "domain": [0, 0.26],
            "range": [-1, 1],
            "tickvals": [-1, 0, 1],
            "ticktext": ["100 %", "0", "100 %"],
            "title": {"text": "channels"},
            "automargin": True,
        },
    )


def _band(
    names: list[str], low: Floats, high: Floats, name: str, opacity: float
) -> tuple[go.Scatter, go.Scatter]:
    """Fill between two curves."""
    line = {"width": 0, "color": style.INTACT}
    shared = {"x": names, "mode": "lines", "line": line, "hoverinfo": "skip", "legendgroup": name}
    fill = style.faint(style.INTACT, opacity)
    return (
        go.Scatter(y=low, showlegend=False, **shared),
        go.Scatter(y=high, name=name, fill="tonexty", fillcolor=fill, **shared),
    )


def _share(names: list[str], shares: list[float], name: str, colour: str) -> go.Bar:
    return go.Bar(
        x=names,
        y=shares,
        name=name,
        yaxis="y2",
        marker={"color": colour},
        customdata=np.abs(shares),
        hovertemplate=f"%{{x}}: %{{customdata:.1%}} of the channels have {name}<extra></extra>",
    )
