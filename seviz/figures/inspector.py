"""One channel: its feature map before and after its gate, and its gate among the block's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.figures.gates import mean_words, scale_of
from seviz.figures.overlay import HEIGHT, data_uri, over_photo
from seviz.phrases import minus
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps


@dataclass(frozen=True)
class ChannelFigures:
    """The inspector's three figures: U and s·U on one scale, and the block's gates."""

    before: go.Figure
    after: go.Figure
    gates: go.Figure


def channel_figures(maps: FeatureMaps, channel: int, seen: npt.NDArray[np.uint8]) -> ChannelFigures:
    """Draw one channel of a block over the H×W×3 crop that the network saw.

    s·U is by the gate that was applied; the histogram holds the gates that the block computed.
    """
    before, after = maps.u[channel], maps.gated_channel(channel)
    limit = max(float(abs(before).max()), float(abs(after).max()), 1e-12)
    photo = data_uri(seen)
    return ChannelFigures(
        before=_map(before, limit, photo, shape=seen.shape, name="U"),
        after=_map(after, limit, photo, shape=seen.shape, name="s·U"),
        gates=_histogram(maps.s_computed, channel, maps.site),
    )


def _map(
    values: Floats, limit: float, photo: str, *, shape: tuple[int, ...], name: str
) -> go.Figure:
    label = f"Feature map {name} over the photograph"
    return over_photo(values, limit, photo, shape=shape, name=name, label=label)


def _histogram(s: Floats, channel: int, site: Site) -> go.Figure:
    """Draw the gates of a block on all of their scale, and where this channel's is."""
    gate, scale = float(s[channel]), scale_of([site], [s])
    low, high = min(scale.low, float(s.min())), max(scale.high, float(s.max()))
    bars = go.Histogram(
        x=s,
        xbins={"start": low, "end": high, "size": (high - low) / 40},
        marker={"color": style.INTACT},
        hovertemplate="s from %{x}: %{y} channels<extra></extra>",
    )
    return style.figure(
        [bars],
        height=HEIGHT,
        label=f"Histogram of the gates of {site.name}",
        margin={"l": 8, "r": 8, "t": 56, "b": 8},
        bargap=0.05,
        xaxis={
            "range": [low, high],
            "title": {"text": f"{mean_words([site])}gates s of {site.name}"},
            "automargin": True,
        },
        yaxis={"title": {"text": "channels"}, "automargin": True},
        shapes=[
            {
                "type": "line",
                "x0": gate,
                "x1": gate,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": style.OTHER, "width": 3},
            }
        ],
        annotations=[
            {
                "x": gate,
                "y": 1,
                "yref": "paper",
                "xanchor": "right" if gate > (low + high) / 2 else "left",
                "yanchor": "bottom",
                "text": minus(f"this channel: {gate:.3f}"),
                "showarrow": False,
                "font": {"color": style.OTHER},
            }
        ],
    )
