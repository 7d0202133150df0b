"""The atlas: every channel of every SE block at a glance, depth downwards, channels across.

Each block's channels share the full width, because stage 5 has eight times as many as stage 2:
on a common axis the first blocks would be slivers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.figures.gates import GateScale, gate_scale, mean_words
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Trace

SHOWS = ("s", "z", "applied")
SORTS = ("channel", "value")
ROW_PIXELS = 22
LABELS = {"s": "gates s", "z": "descriptors z", "applied": "gates s as applied"}
NARROW = 0.02  # of the width: a shorter run of edited channels is also pointed at
NO_Z = "There is no z: this network does not squeeze.<br>Each position is gated by itself."


def order(values: Floats, sort: str) -> npt.NDArray[np.intp]:
    """Return the channels of one block (C) in the order they are drawn: by number or by value."""
    return np.argsort(-values, kind="stable") if sort == "value" else np.arange(len(values))


def values(trace: Trace, site: Site, arm: int, *, show: str) -> Floats:
    """Return what the atlas shows of a block, C: z, or s as its pass computed or applied it."""
    shown = {"s": trace.s_computed, "z": trace.z, "applied": trace.s}[show]
    of_arm: Floats = shown[site.name][arm]
    return of_arm


def atlas(
    trace: Trace,
    *,
    arm: int,
    show: str,
    sort: str,
    scale: GateScale | None = None,
    rows: Sequence[str] = (),
) -> go.Figure:
    """Draw s, or z (each block on its own symmetric scale), of one arm.

    show: s as computed, z, or the gates as applied, in which those that an edit changed are
    underlined. scale: of the gates, by default the trace's own. rows: the blocks that get a row, in
    order, which stays empty where the network has no such block; by default its own. A cell's place
    answers to (block, position): `channel_at` gives its channel back.
    """
    names = list(rows) or [site.name for site in trace.sites]
    scale = scale or gate_scale(trace)
    bare = show == "z" and not any(site.squeezed for site in trace.sites)
    traces = [
        _row(names.index(site.name), trace, site, arm=arm, show=show, sort=sort, scale=scale)
        for site in (() if bare else trace.sites)
    ]
    if traces:
        traces[0].update(
            showscale=True, colorbar=style.colorbar(_scale_title(trace, arm, show, scale=scale))
        )
    return style.figure(
        traces + (_marks(trace, arm, sort) if show == "applied" else []),
        height=90 + ROW_PIXELS * len(names),
        label=NO_Z.replace("<br>", " ") if bare else f"Atlas of {LABELS[show]}, block by channel",
        margin={"l": 8, "r": 8, "t": 56, "b": 26},
        xaxis={
            "range": [0, 1],
            "visible": False,
        },
        annotations=[_no_z() if bare else _order_words(sort)],
        yaxis=style.rows_axis(names, showgrid=False),
        uirevision=f"{trace.model}",
    )


def channel_at(trace: Trace, name: str, position: int, *, arm: int, show: str, sort: str) -> int:
    """Return the channel drawn at a position of a block's row; IndexError where there is none."""
    site = trace.site(name)
    if not 0 <= position < site.channels:
        raise IndexError(position)
    return int(order(values(trace, site, arm, show=show), sort)[position])


def _row(
    depth: int, trace: Trace, site: Site, *, arm: int, show: str, sort: str, scale: GateScale
) -> go.Heatmap:
    """Draw one block's channels as a row; its name is the trace's meta."""
    of_block = values(trace, site, arm, show=show)
    drawn = order(of_block, sort)
    raw = of_block[drawn]
    colour = raw / max(float(abs(raw).max()), 1e-12) if show == "z" else raw
    known, channel, value = drawn.astype(np.int16)[None], "customdata", f"{show} = %{{text:.4f}}"
    if show == "applied":
        known = np.stack([drawn, trace.s_computed[site.name][arm][drawn]], -1)[None]
        known, channel = known.astype(np.float32), "customdata[0]"
        value = "s = %{text:.4f} applied<br>s = %{customdata[1]:.4f} computed"
    return go.Heatmap(
        z=colour[None],
        x0=0.5 / site.channels,
        dx=1 / site.channels,
        y0=depth,
        dy=1,
        meta=site.name,
        customdata=known,
        text=raw[None],
        hovertemplate=f"%{{meta}} · channel %{{{channel}}} of {site.channels}<br>"
        f"{value}<extra></extra>",
        colorscale=style.SIGNED if show == "z" else scale.colours,
        zmin=-1 if show == "z" else scale.low,
        zmax=1 if show == "z" else scale.high,
        ygap=2,
        showscale=False,
    )


def _marks(trace: Trace, arm: int, sort: str) -> list[go.Scatter]:
    """Underline the gates that an edit changed, and point at the runs too short to be seen."""
    lines, points = [], []
    for depth, site in enumerate(trace.sites):
        applied = trace.s[site.name][arm]
        edited = (applied != trace.s_computed[site.name][arm])[order(applied, sort)]
        # Where runs of edited channels begin and end, in shares of the width.
        ends = np.flatnonzero(np.diff(edited, prepend=False, append=False)) / site.channels
        for start, stop in ends.reshape(-1, 2):
            lines += [(start, depth + 0.4), (stop, depth + 0.4), (None, None)]
            if stop - start < NARROW:
                points.append(((start + stop) / 2, depth + 0.4))
    return [
        _mark(lines, mode="lines", line={"color": style.OTHER, "width": 4}),
        _mark(
            points,
            mode="markers",
            marker={
                "color": style.OTHER,
                "symbol": "triangle-up",
                "size": 10,
                "line": {"color": "white", "width": 1},
            },
        ),
    ]


def _mark(places: Sequence[tuple[float | None, float | None]], **look: Any) -> go.Scatter:
    """Draw over the cells without taking their hover labels and clicks."""
    x, y = zip(*places, strict=True) if places else ((), ())
    return go.Scatter(x=x, y=y, hoverinfo="skip", cliponaxis=False, **look)


def _scale_title(trace: Trace, arm: int, show: str, *, scale: GateScale) -> str:
    """Name what the colours mean; gates beyond their scale, as edited ones may be, are named."""
    if show == "z":
        return "squeeze z ÷ the block's largest |z|"
    mean = mean_words(trace.sites)
    title = f"{mean or 'gate '}s as applied" if show == "applied" else f"{mean}excitation s"
    shown = [values(trace, site, arm, show=show) for site in trace.sites]
    beyond = ";<br>beyond: end colour" if scale.exceeded(shown) else ""
    return title + beyond  # in few words: a telephone cuts what is wider than half of it


def _order_words(sort: str) -> dict[str, Any]:
    """Say under the rows in which order their channels stand."""
    text = "channel 0 → C−1" if sort == "channel" else "largest value → smallest"
    return style.heading(text) | {"y": 0, "yanchor": "top", "font": None}


def _no_z() -> dict[str, Any]:
    """Write in the middle of the rows why they are empty."""
    return style.heading(NO_Z) | {
        "x": 0.5,
        "y": 0.5,
        "xanchor": "center",
        "yanchor": "middle",
        "align": "center",
    }
