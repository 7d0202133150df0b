"""The depth profile: how a block's gates are distributed, from the first block to the last."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seviz.figures import style
from seviz.figures.gates import GateScale, Share, gate_scale, mean_words
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Trace

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def depth_profile(
    trace: Trace, *, arm: int, scale: GateScale | None = None, places: Sequence[str] = ()
) -> go.Figure:
    """Draw quantile bands of s per block, over the shares of channels at the ends of their range.

    scale: of the axis, by default the trace's own; what is counted is always the trace's own.
    places: the blocks on the axis, in order, whether the network has them or not.
    """
    gates = [trace.s_computed[site.name][arm] for site in trace.sites]
    own = gate_scale(trace)
    return depth_bands(trace.sites, gates, own=own, scale=scale or own, places=places)


def depth_bands(
    sites: Sequence[Site],
    gates: Sequence[Floats],
    *,
    own: GateScale,
    scale: GateScale,
    places: Sequence[str] = (),
) -> go.Figure:
    """Draw the gates (C a block) of blocks as `depth_profile` does.

    own: the scale that the shares are counted on.
    """
    names = [site.name for site in sites]
    low, q1, median, q3, high = np.array([np.quantile(g, LEVELS) for g in gates]).T
    traces = [
        *style.band(names, low, high, name="5–95 %", opacity=0.18),
        *style.band(names, q1, q3, name="25–75 %", opacity=0.35),
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
        *(_share(names, gates, share) for share in own.shares),
    ]
    return style.figure(
        traces,
        height=420,
        label="Distribution of the gates of each block along the depth",
        # Side by side, there is room for a legend in two lines, so that the axes stay in line.
        margin={"l": 8, "r": 8, "t": 76 if places else 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="relative",
        xaxis={"anchor": "y2", "automargin": True, "showgrid": False, **_places(places)},
        yaxis={
            "domain": [0.36, 1],
            "range": [scale.low, scale.high],
            "title": {"text": f"{mean_words(sites)}gate s"},
            "automargin": True,
            "zeroline": scale.low < 0,
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


def _share(names: list[str], gates: Sequence[Floats], share: Share) -> go.Bar:
    """Draw which share of each block's channels is of a kind, up or down."""
    shares = [share.side * float(share.holds(s).mean()) for s in gates]
    return go.Bar(
        x=names,
        y=shares,
        name=share.name,
        yaxis="y2",
        marker={"color": share.colour},
        customdata=np.abs(shares),
        meta={"value": "customdata", "format": ".1%"},
        hovertemplate=f"%{{x}}: %{{customdata:.1%}} of the channels have {share.name}"
        "<extra></extra>",
    )


def _places(names: Sequence[str]) -> dict[str, object]:
    """Keep a place on the axis for every name, in order; by default for the blocks drawn."""
    if not names:
        return {}
    return {
        "categoryorder": "array",
        "categoryarray": list(names),
        "range": [-0.5, len(names) - 0.5],
        "autotickangles": [0, 90],
    }
