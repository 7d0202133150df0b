"""A map over a photograph."""

import base64
import io
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from PIL import Image

from seviz.figures import style
from seviz.records.numbers import Floats

HEIGHT = 340
PALE = 0.3  # how far the photograph's grey goes towards white, so that colours stand out
Bytes = npt.NDArray[np.uint8]


def over_photo(
    values: Floats,
    limit: float,
    photo: str,
    *,
    shape: tuple[int, ...],
    name: str,
    label: str,
    title: str = "",
    height: int = HEIGHT,
    bar: bool = True,
    **look: Any,
) -> go.Figure:
    """Draw a map (rows×columns) from −limit to limit over a photograph of a shape (H, W, …).

    The axes count the map's own rows and columns. name: of the values; label: for screen readers;
    title: over the figure; bar: whether the scale of colours is drawn; look: more options of the
    heatmap.
    """
    rows, columns = values.shape
    heatmap = go.Heatmap(
        z=values,
        zmin=-limit,
        zmax=limit,
        showscale=bar,
        colorbar=style.colorbar(name),
        hovertemplate=f"row %{{y}}, column %{{x}}<br>{name} = %{{z:.4g}}<extra></extra>",
        **{"colorscale": style.evidence("both"), "opacity": 0.8, **look},
    )
    return style.figure(
        [heatmap],
        height=height,
        label=label,
        margin={"l": 2, "r": 2, "t": 56 if bar else 22, "b": 2},
        annotations=[style.heading(title)] if title else [],
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


def grey(seen: Bytes) -> Bytes:
    """Turn a photograph (H×W×3) grey and a little pale, so that all colour is the map's.

    The grey is by Rec. 601's weights.
    """
    luminance = seen @ np.array([0.299, 0.587, 0.114])
    pale = (1 - PALE) * luminance + PALE * 255
    return np.repeat(pale.round().astype(np.uint8)[..., None], 3, axis=2)


def data_uri(pixels: Bytes, kind: str = "PNG") -> str:
    """Return a picture (H×W×3 bytes) as an address that holds it; kind: PNG, or WebP of less."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:image/{kind.lower()};base64,{data}"
