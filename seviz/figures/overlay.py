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
    **look: Any,
) -> go.Figure:
    """Draw a map (rows×columns) from −limit to limit over a photograph of a shape (H, W, …).

    The axes count the map's own rows and columns. name: of the values; label: for screen readers;
    title: over the figure; look: more options of the heatmap.
    """
    rows, columns = values.shape
    heatmap = go.Heatmap(
        z=values,
        zmin=-limit,
        zmax=limit,
        colorbar=style.colorbar(name),
        hovertemplate=f"row %{{y}}, column %{{x}}<br>{name} = %{{z:.4g}}<extra></extra>",
        **{"colorscale": style.SIGNED, "opacity": 0.62, **look},
    )
    return style.figure(
        [heatmap],
        height=height,
        label=label,
        margin={"l": 4, "r": 4, "t": 56, "b": 4},
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


def data_uri(pixels: npt.NDArray[np.uint8]) -> str:
    """Return a picture (H×W×3 bytes) as an address that holds it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
