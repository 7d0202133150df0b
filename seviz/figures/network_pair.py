"""Two networks beside each other: gates by channel, maps on one scale, and CKA by block."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from seviz.analysis.evidence import scale_limit
from seviz.figures import style
from seviz.figures.atlas import LARGEST_FIRST, atlas
from seviz.figures.gates import GateScale, gate_scale
from seviz.figures.overlay import Bytes, data_uri, grey, over_photo
from seviz.records.attribution import Attribution
from seviz.records.network_pair import BlockPair, GateSimilarity
from seviz.records.trace import Trace
from seviz.words.gates import kind_of

HEIGHT = 300
CELL = 20  # pixels of a block's row
MAP_HEIGHT = 280
PAIRED, UNPAIRED = "channels correspond", "channels do not correspond, or this is not known"


def correlation_chart(blocks: Sequence[BlockPair]) -> go.Figure:
    """Draw each block's correlation of gates, channel by channel; a constant block has no point."""
    traces = [
        go.Scatter(
            x=[block.site for block in some],
            y=[block.gate_correlation for block in some],
            mode="markers",
            name=name,
            marker={"color": colour, "size": 11, "symbol": symbol},
            customdata=[[block.channels, block.difference] for block in some],
            hovertemplate="%{x}: r = %{y:.3f}<br>%{customdata[0]} channels, mean |Δs| = "
            "%{customdata[1]:.4f}<extra></extra>",
        )
        for name, colour, symbol, some in (
            (PAIRED, style.INTACT, "circle", [b for b in blocks if b.corresponds]),
            (UNPAIRED, style.NEUTRAL, "circle-open", [b for b in blocks if not b.corresponds]),
        )
        if some
    ]
    names = [block.site for block in blocks]
    return style.figure(
        traces,
        height=HEIGHT,
        label="Correlation of the gates of A and B over the channels of each block",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        xaxis={"categoryorder": "array", "categoryarray": names, "automargin": True},
        yaxis={
            "title": {"text": "r of gates over channels"},
            "range": [-1.05, 1.05],
            "automargin": True,
        },
    )


def pair_scales(a: Trace, b: Trace) -> tuple[GateScale, GateScale]:
    """Return the scales of two networks' gates: one for both where these are of one kind."""
    if kind_of(a.sites) == kind_of(b.sites):
        both = gate_scale(a, b)
        return both, both
    return gate_scale(a), gate_scale(b)


def gates_atlas(trace: Trace, scale: GateScale, rows: Sequence[str]) -> go.Figure:
    """Draw a network's gates, the largest of each block first, with a row for each named block.

    Channels of two networks need not correspond, so they stand in the order of their gates. rows:
    as of `seviz.analysis.network_pair.block_names`.
    """
    keys = {name: of_arms[0] for name, of_arms in trace.s.items()}
    return atlas(
        trace, arm=0, show="s", keys=keys, ordered=LARGEST_FIRST, scale=scale, rows=tuple(rows)
    )


def channel_scatter(a: Trace, b: Trace, block: str) -> go.Figure:
    """Draw the gate of each channel of a block in A (across) and in B (upwards)."""
    x, y = a.s[block][0], b.s[block][0]
    low, high = float(min(x.min(), y.min())), float(max(x.max(), y.max()))
    equal = go.Scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        name="equal gates",
        line={"color": style.NEUTRAL, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    points = go.Scatter(
        x=x,
        y=y,
        mode="markers",
        name="a channel",
        customdata=np.arange(len(x)),
        marker={"color": style.faint(style.INTACT, 0.6), "size": 6},
        hovertemplate="channel %{customdata}: A %{x:.4f}, B %{y:.4f}<extra></extra>",
    )
    return style.figure(
        [equal, points],
        height=HEIGHT,
        label=f"Gates of {block}: each channel in A and in B",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        xaxis={"title": {"text": f"s of {block} in A"}, "automargin": True, "zeroline": False},
        yaxis={"title": {"text": "s in B"}, "automargin": True, "zeroline": False},
    )


def share_map(found: Attribution, seen: Bytes, *, title: str, value: str, label: str) -> go.Figure:
    """Draw a network's map over what it saw, as shares of the map's own largest value.

    So the maps of two networks are on one scale: their logits have no common unit. value: what the
    map's values are called; label: the class.
    """
    values = found.pixels[0]
    figure = over_photo(
        np.clip(values / scale_limit(values), -1, 1),
        1.0,
        data_uri(grey(seen)),
        shape=seen.shape,
        name=f"{value} ÷ largest",
        label=f"{title}: {value} for {label} over the photograph, as a share of its largest",
        title=title,
        height=MAP_HEIGHT,
        bar=False,
    )
    figure.update_layout(xaxis_constraintoward="left", yaxis_constraintoward="top")
    return figure


def cka_matrix(found: GateSimilarity) -> go.Figure:
    """Draw the CKA of each block of A (rows, from the top) with each of B (columns).

    Blocks of one name are framed; a cell without an estimate is empty.
    """
    rows, columns = list(found.blocks_a), list(found.blocks_b)
    heatmap = go.Heatmap(
        z=found.cka,
        zmin=0,
        zmax=1,
        colorscale=style.GATES,
        colorbar=style.colorbar("linear CKA"),
        customdata=[[[row, column] for column in columns] for row in rows],
        hovertemplate="%{customdata[0]} of A, %{customdata[1]} of B: %{z:.3f}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
    )
    frames = [
        {
            "type": "rect",
            "x0": columns.index(name) - 0.5,
            "x1": columns.index(name) + 0.5,
            "y0": i - 0.5,
            "y1": i + 0.5,
            "line": {"color": style.OTHER, "width": 2},
        }
        for i, name in enumerate(rows)
        if name in columns
    ]
    return style.figure(
        [heatmap],
        height=120 + CELL * max(len(rows), 6),
        label="Linear CKA of the gates of each block of A with each block of B",
        margin={"l": 8, "r": 8, "t": 56, "b": 8},
        shapes=frames,
        annotations=[style.heading("A ↓   B →")],
        xaxis={
            "tickvals": list(range(len(columns))),
            "ticktext": columns,
            "tickangle": -60,
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
        yaxis=style.rows_axis(rows, showgrid=False, zeroline=False),
    )
