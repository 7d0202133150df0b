"""One channel: its feature map before and after its gate, and where its gate stands."""

import base64
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from PIL import Image

from seviz.figures import style
from seviz.records import FeatureMaps, Floats

HEIGHT = 340


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
    before, after = maps.u[channel], maps.scaled(channel)
    limit = max(float(abs(before).max()), float(abs(after).max()), 1e-12)
    photo = data_uri(seen)
    return ChannelFigures(
        before=_over_photo(before, limit, photo, seen.shape, "U"),
        after=_over_photo(after, limit, photo, seen.shape, "s·U"),
        gates=_histogram(maps.s_computed, channel, maps.site.name),
    )


def _over_photo(
    values: Floats, limit: float, photo: str, shape: tuple[int, ...], name: str
) -> go.Figure:
    """Draw a map over the photograph; the axes count the map's own rows and columns."""
    rows, columns = values.shape
    heatmap = go.Heatmap(
        z=values,
        zmin=-limit,
        zmax=limit,
        colorscale=style.SIGNED,
        opacity=0.62,
        colorbar=style.colorbar(name),
        hovertemplate=f"row %{{y}}, column %{{x}}<br>{name} = %{{z:.4f}}<extra></extra>",
    )
    return style.figure(
        [heatmap],
        height=HEIGHT,
        label=f"Feature map {name} over the photograph",
        margin={"l": 4, "r": 4, "t": 56, "b": 4},
        images=[
            {
                "source": photo,
                "xref": "x",
                "yref": "y",
                "x": -0.5,
                "y": -0.5,
                "sizex": columns,
                "sizey": rows,
                "sizing": "stretch",
                "layer": "below",
            }
        ],
        xaxis={"visible": False, "range": [-0.5, columns - 0.5], "constrain": "domain"},
        yaxis={
            "visible": False,
            "range": [rows - 0.5, -0.5],
            "constrain": "domain",
            "scaleanchor": "x",
            "scaleratio": (shape[0] / rows) / (shape[1] / columns),
        },
    )


def _histogram(s: Floats, channel: int, name: str) -> go.Figure:
    gate = float(s[channel])
    low, high = min(0.0, float(s.min())), max(1.0, float(s.max()))
    bars = go.Histogram(
        x=s,
        xbins={"start": low, "end": high, "size": (high - low) / 40},
        marker={"color": style.INTACT},
        hovertemplate="s from %{x}: %{y} channels<extra></extra>",
    )
    return style.figure(
        [bars],
        height=HEIGHT,
        label=f"Histogram of the gates of {name}",
        margin={"l": 8, "r": 8, "t": 56, "b": 8},
        bargap=0.05,
        xaxis={"range": [low, high], "title": {"text": f"gates s of {name}"}, "automargin": True},
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
                "text": f"this channel: {gate:.3f}",
                "showarrow": False,
                "font": {"color": style.OTHER},
            }
        ],
    )


def data_uri(pixels: npt.NDArray[np.uint8]) -> str:
    """Return a picture (H×W×3 bytes) as an address that holds it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
