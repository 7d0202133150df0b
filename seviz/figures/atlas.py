"""The atlas: every channel of every SE block at a glance, depth downwards, channels across.

Each block's channels share the full width, because stage 5 has eight times as many as stage 2:
on a common axis the first blocks would be slivers.
"""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.records import Floats, Site, Trace

SHOWS = ("s", "z")
SORTS = ("channel", "value")
ROW_PIXELS = 22


def order(values: Floats, sort: str) -> npt.NDArray[np.intp]:
    """Return the channels of one block (C) in the order they are drawn: by number or by value."""
    return np.argsort(-values, kind="stable") if sort == "value" else np.arange(len(values))


def values(trace: Trace, site: Site, arm: int, show: str) -> Floats:
    """Return what the atlas shows of a block, C: z, or s as computed by the arm's own pass."""
    shown = trace.z if show == "z" else trace.s_computed
    of_arm: Floats = shown[site.name][arm]
    return of_arm


def atlas(trace: Trace, *, arm: int, show: str, sort: str) -> go.Figure:
    """Draw s (0–1) or z (each block on its own symmetric scale) of one arm.

    A cell's place answers to (block, position): `channel_at` gives its channel back.
    """
    traces = [
        _row(depth, site, values(trace, site, arm, show), show, sort)
        for depth, site in enumerate(trace.sites)
    ]
    traces[0].update(showscale=True, colorbar=style.colorbar(_scale_title(show)))
    names = [site.name for site in trace.sites]
    return style.figure(
        traces,
        height=90 + ROW_PIXELS * len(names),
        label=f"Atlas of {'gates s' if show == 's' else 'descriptors z'}, block by channel",
        margin={"l": 8, "r": 8, "t": 56, "b": 26},
        xaxis={
            "range": [0, 1],
            "visible": False,
        },
        annotations=[
            {
                "text": _axis_title(sort),
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
            }
        ],
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": names,
            "range": [len(names) - 0.5, -0.5],
            "automargin": True,
            "showgrid": False,
            "ticks": "",
        },
        uirevision=f"{trace.model}",
    )


def channel_at(trace: Trace, name: str, position: int, *, arm: int, show: str, sort: str) -> int:
    """Return the channel drawn at a position of a block's row; IndexError where there is none."""
    site = trace.site(name)
    if not 0 <= position < site.channels:
        raise IndexError(position)
    return int(order(values(trace, site, arm, show), sort)[position])


def _row(depth: int, site: Site, of_block: Floats, show: str, sort: str) -> go.Heatmap:
    """Draw one block's channels as a row; its name is the trace's meta."""
    drawn = order(of_block, sort)
    raw = of_block[drawn]
    colour = raw if show == "s" else raw / max(float(abs(raw).max()), 1e-12)
    return go.Heatmap(
        z=colour[None],
        x0=0.5 / site.channels,
        dx=1 / site.channels,
        y0=depth,
        dy=1,
        meta=site.name,
        customdata=drawn.astype(np.int16)[None],
        text=raw[None],
        hovertemplate=f"%{{meta}} · channel %{{customdata}} of {site.channels}<br>"
        f"{show} = %{{text:.4f}}<extra></extra>",
        colorscale=style.GATES if show == "s" else style.SIGNED,
        zmin=0 if show == "s" else -1,
        zmax=1,
        ygap=2,
        showscale=False,
    )


def _scale_title(show: str) -> str:
    return "excitation s" if show == "s" else "squeeze z ÷ the block's largest |z|"


def _axis_title(sort: str) -> str:
    return "channel 0 → C−1" if sort == "channel" else "largest value → smallest"
