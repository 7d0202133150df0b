"""One channel: its feature map before and after its gate, and its gate among the block's."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.figures.gates import mean_words, scale_of
from seviz.figures.overlay import HEIGHT, data_uri, grey, over_photo
from seviz.phrases import minus
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps

SMALL_MAP, SMALL_HISTOGRAM = 176, 150  # heights in pixels


@dataclass(frozen=True)
class ChannelFigures:
    """The inspector's three figures: U and s·U on one scale, and the block's gates."""

    before: go.Figure
    after: go.Figure
    gates: go.Figure


def channel_figures(
    maps: FeatureMaps, channel: int, seen: npt.NDArray[np.uint8], *, small: bool = False
) -> ChannelFigures:
    """Draw one channel of a block over the H×W×3 crop that the network saw.

    The second map is named by the gate that was applied, where that is not the s that the block
    computed; the histogram holds the computed gates, and marks the applied one. small: less high,
    with the scale of colours as a number in the title.
    """
    before, after = maps.u[channel], maps.gated_channel(channel)
    limit = max(float(abs(before).max()), float(abs(after).max()), 1e-12)
    photo = data_uri(grey(seen))
    product = product_name(float(maps.s_computed[channel]), float(maps.s[channel]))
    return ChannelFigures(
        before=channel_map(before, limit, photo, shape=seen.shape, name="U", small=small),
        after=channel_map(after, limit, photo, shape=seen.shape, name=product, small=small),
        gates=_histogram(maps, channel, height=SMALL_HISTOGRAM if small else HEIGHT),
    )


def channel_map(
    values: Floats,
    limit: float,
    photo: str,
    *,
    shape: tuple[int, ...],
    name: str,
    small: bool = False,
    label: str = "",
) -> go.Figure:
    """Draw a map of a channel, from −limit to limit, over a photograph of a shape (H, W, …).

    photo: its address; name: of the values; label: for screen readers; small: as of
    `channel_figures`.
    """
    return over_photo(
        values,
        limit,
        photo,
        shape=shape,
        name=name,
        label=label or f"Feature map {name} over the photograph",
        title=f"{name} (±{limit:.3g})" if small else "",
        height=SMALL_MAP if small else HEIGHT,
        bar=not small,
    )


def product_name(computed: float, applied: float) -> str:
    """Name the gated map: s·U, or by the value that an arm applied instead of s, such as 1·U."""
    return "s·U" if applied == computed else minus(f"{applied:.3g}·U")


def _histogram(maps: FeatureMaps, channel: int, *, height: int) -> go.Figure:
    """Draw the computed gates of a block on all of their scale, and the one applied here."""
    s, site, gate = maps.s_computed, maps.site, float(maps.s[channel])
    scale = scale_of([site], [s])
    low = min(scale.low, float(s.min()), gate)
    high = max(scale.high, float(s.max()), gate)
    text = f"this channel: {gate:.3f}"
    if gate != s[channel]:
        text = f"applied here: {gate:.3f} (s computed: {s[channel]:.3f})"
    bars = go.Histogram(
        x=s,
        xbins={"start": low, "end": high, "size": (high - low) / 40},
        marker={"color": style.INTACT},
        hovertemplate="s from %{x}: %{y} channels<extra></extra>",
    )
    return style.figure(
        [bars],
        height=height,
        label=f"Histogram of the gates of {site.name}",
        margin={"l": 8, "r": 8, "t": 22, "b": 8},
        bargap=0.05,
        xaxis={
            "range": [low, high],
            "title": {"text": f"{mean_words([site])}gates s of {site.name}"},
            "automargin": True,
        },
        yaxis={"title": {"text": "channels"}, "automargin": True},
        **_mark(gate, minus(text), left=gate > (low + high) / 2),
    )


def _mark(gate: float, text: str, *, left: bool) -> dict[str, Any]:
    """Mark a gate by a line; its text stands over the line, to its left or its right."""
    line = {
        "type": "line",
        "x0": gate,
        "x1": gate,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": style.OTHER, "width": 3},
    }
    note = {
        "x": gate,
        "y": 1,
        "yref": "paper",
        "xanchor": "right" if left else "left",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
    }
    return {"shapes": [line], "annotations": [note]}
