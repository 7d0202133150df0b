"""Class curves, as the article draws them: the mean gate of each channel, a line for each class."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.phrases import join_list
from seviz.records.classes import ClassCurves
from seviz.records.numbers import Floats

Integers = npt.NDArray[np.int64]
DIGITS = 4  # of a drawn gate: 896 channels of six classes in 16 blocks are a quarter of a megabyte
HEIGHT = 420
COLUMNS, NARROW_COLUMNS = 4, 2
NARROW = 640  # pixels: below, small charts stand in fewer columns
ROW = 132  # pixels of a row of small charts
LEGEND_ROW = 28
X_TITLES = {
    "channel": "channels, by number",
    "mean": "channels, from the largest mean gate over all images to the smallest",
    "difference": "channels, from the largest difference between the classes to the smallest",
}
OVERALL, PHOTO = "all images", "the photograph"


def class_curves(
    curves: ClassCurves, *, order: str = "channel", band: bool = False, most: int | None = None
) -> go.Figure:
    """Draw the curves of one block; a click on a point names its gate.

    order: of the channels, as of `ClassCurves.order`; band: of one standard deviation to either
    side of each class's mean; most: how many channels, as of `ClassCurves.sample`.
    """
    (low, high), channels = gate_range([curves]), curves.sample(order, most)
    return style.figure(
        [*(_bands(curves, channels, order) if band else ()), *_lines(curves, channels, order)],
        height=HEIGHT,
        label=f"Mean gates of {_named(curves)} in {curves.block}, channel by channel",
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        showlegend=True,
        legend=_legend(),
        xaxis={
            "title": {"text": x_title(curves, order, most)},
            "automargin": True,
            "showgrid": False,
        },
        yaxis={
            "title": {"text": f"mean gate s in {curves.block}"},
            "range": [low, high],
            "automargin": True,
            "zeroline": low < 0,
        },
        uirevision=f"{curves.block} {order} {most}",
    )


def class_grid(
    blocks: Sequence[ClassCurves],
    *,
    order: str = "channel",
    chosen: str = "",
    most: int | None = None,
) -> go.Figure:
    """Draw the curves of all blocks as small charts; a click names the block.

    chosen: the block whose name stands out; most: as of `class_curves`. A narrow page has fewer
    columns (`meta.narrow`).
    """
    low, high = gate_range(blocks)
    traces: list[go.Scatter] = []
    axes: dict[str, Any] = {}
    for i, curves in enumerate(blocks):
        number = str(i + 1) if i else ""
        channels = curves.sample(order, most)
        traces += _lines(curves, channels, order, axes=number, legend=i == 0)
        axes[f"xaxis{number}"] = {
            "anchor": f"y{number}",
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        }
        axes[f"yaxis{number}"] = {
            "anchor": f"x{number}",
            "range": [low, high],
            "nticks": 3,
            "zeroline": low < 0,
        }
    wide, narrow = (_domains(len(blocks), columns) for columns in (COLUMNS, NARROW_COLUMNS))
    legend = 40 + LEGEND_ROW * ceil((len(blocks[0].classes) + 2) / 2)
    label = f"Mean gates of {_named(blocks[0])} in each of the {len(blocks)} blocks"
    return style.figure(
        traces,
        height=_height(len(blocks), COLUMNS),
        label=label,
        margin={"l": 34, "r": 8, "t": 48, "b": 8},
        showlegend=True,
        legend=_legend(),
        annotations=[_title(curves, i, chosen) for i, curves in enumerate(blocks)],
        **{name: {**axis, **wide[name]} for name, axis in axes.items()},
        meta={
            "label": label,
            "narrow": {
                "below": NARROW,
                "height": _height(len(blocks), NARROW_COLUMNS) + legend,
                "layout": {**narrow, "margin": {"t": legend}},
            },
        },
    )


def x_title(curves: ClassCurves, order: str, most: int | None) -> str:
    """Say which channels are drawn, from left to right."""
    count = len(curves.overall)
    few = most is not None and count > most
    return f"{most} of {count} {X_TITLES[order]}" if few else X_TITLES[order]


def gate_range(blocks: Sequence[ClassCurves]) -> tuple[float, float]:
    """Return the axis of the gates: 0 to 1 of a sigmoid's; wider where means are beyond these."""
    means = [m for curves in blocks for m in (*_means(curves), curves.overall)]
    high = max(1.0, *(float(np.abs(mean).max()) for mean in means))
    return (-high if min(float(mean.min()) for mean in means) < 0 else 0.0), high


def _means(curves: ClassCurves) -> list[Floats]:
    return [c.mean for c in curves.classes] + ([] if curves.photo is None else [curves.photo])


def _lines(
    curves: ClassCurves,
    channels: Integers,
    order: str,
    *,
    axes: str | None = None,
    legend: bool = True,
) -> list[go.Scatter]:
    """Draw a block's lines: of all images in grey, of each class, and of the photograph, dashed.

    axes: the number of the small chart's axes; None for a chart of its own, whose points name their
    channels.
    """
    alone = axes is None
    width = 1.6 if alone else 1
    drawn: list[tuple[str, Floats, dict[str, Any]]] = [
        (OVERALL, curves.overall, {"color": style.NEUTRAL, "width": 1.5 * width})
    ]
    for curve, colour in zip(curves.classes, style.CLASSES, strict=False):
        drawn.append((curve.label, curve.mean, {"color": colour, "width": width}))
    if curves.photo is not None:
        line = {"color": style.PHOTO, "width": width, "dash": "dot" if not alone else "dash"}
        drawn.append((PHOTO, curves.photo, line))
    hover = "%{fullData.name}: %{y:.3f}<br>channel %{customdata} of " + curves.block
    own: dict[str, Any] = (
        {"customdata": channels.astype(np.uint16), "hovertemplate": hover + "<extra></extra>"}
        if alone
        else {"hovertemplate": f"{curves.block}<extra></extra>"}
    )
    return [
        go.Scatter(
            **_places(channels, order),
            y=np.round(values[channels], DIGITS).astype(np.float32),
            mode="lines",
            name=name,
            line=line,
            legendgroup=name,
            showlegend=legend,
            xaxis=f"x{axes or ''}",
            yaxis=f"y{axes or ''}",
            meta={"block": curves.block, **_column(name, curves.block, alone=alone)},
            **own,
        )
        for name, values, line in drawn
    ]


def _places(channels: Integers, order: str) -> dict[str, Any]:
    """Place points at their channels' numbers, or one after the other."""
    return {"x": channels.astype(np.uint16)} if order == "channel" else {}


def _column(name: str, block: str, *, alone: bool) -> dict[str, str]:
    """Name a line in the chart's table."""
    return {"column": name, "key": "customdata"} if alone else {"column": f"{block}, {name}"}


def _bands(curves: ClassCurves, channels: Integers, order: str) -> list[go.Scatter]:
    """Fill one standard deviation to either side of each class's mean."""
    bands = []
    for curve, colour in zip(curves.classes, style.CLASSES, strict=False):
        shared: dict[str, Any] = {
            "mode": "lines",
            "line": {"width": 0, "color": colour},
            "hoverinfo": "skip",
        }
        shared |= {"legendgroup": curve.label, "showlegend": False, **_places(channels, order)}
        for side in (-1, 1):
            values = (curve.mean + side * curve.std)[channels]
            fill = {"fill": "tonexty", "fillcolor": style.faint(colour, 0.18)} if side > 0 else {}
            bands.append(
                go.Scatter(y=np.round(values, DIGITS).astype(np.float32), **shared, **fill)
            )
    return bands


def _domains(count: int, columns: int) -> dict[str, dict[str, list[float]]]:
    """Place small charts row by row: the shares of the figure that their axes lie in."""
    rows = ceil(count / columns)
    apart, below = 0.12 / columns, 0.24 / rows
    width, height = (1 + apart) / columns - apart, (1 + below) / rows - below
    places = {}
    for i in range(count):
        row, column = divmod(i, columns)
        left, top = column * (width + apart), 1 - row * (height + below)
        number = str(i + 1) if i else ""
        places[f"xaxis{number}"] = {"domain": [left, min(1.0, left + width)]}
        places[f"yaxis{number}"] = {"domain": [max(0.0, top - height), top]}
    return places


def _height(count: int, columns: int) -> int:
    return ROW * ceil(count / columns) + 60


def _title(curves: ClassCurves, i: int, chosen: str) -> dict[str, Any]:
    number = str(i + 1) if i else ""
    name = f"<b>{curves.block}</b>" if curves.block == chosen else curves.block
    return {
        "text": name,
        "xref": f"x{number} domain",
        "yref": f"y{number} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11},
    }


def _legend() -> dict[str, Any]:
    return {"orientation": "h", "y": 1, "yref": "container", "yanchor": "top", "x": 0}


def _named(curves: ClassCurves) -> str:
    return join_list([curve.label for curve in curves.classes] or [OVERALL])
