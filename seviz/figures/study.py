"""A study in two figures: the results here and those of the article, each on its own axis.

They share the order of their rows and nothing else: neither the axis nor the colour.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from seviz.figures import style
from seviz.study.against_reference import Row
from seviz.study.intervals import Interval, interval

HERE, ARTICLE = style.INTACT, style.OPEN
ROW_PIXELS = 40
AXIS_PIXELS = 66  # over and under the rows
BELOW = 0.26  # of a row: where its seeds are


def here_chart(rows: Sequence[Row], names: Sequence[str]) -> go.Figure:
    """Draw each seed's top-1 as a point, over them the mean with its 95 % interval."""
    found = [interval(row.figures.top1) for row in rows]
    means = [100 * of.mean for of in found]
    seeds = go.Scatter(
        x=[100 * share for row in rows for share in row.figures.top1],
        y=[i + BELOW for i, row in enumerate(rows) for _ in row.figures.top1],
        mode="markers",
        name="one seed",
        marker={"color": HERE, "size": 8, "symbol": "circle-open"},
        **_hover(_seed_words(rows, names)),
    )
    mean = go.Scatter(
        x=means,
        y=list(range(len(rows))),
        mode="markers",
        name="mean, 95 % interval",
        marker={"color": HERE, "size": 10},
        error_x={
            "array": [_reach(of) for of in found],
            "color": HERE,
            "thickness": 2,
            "width": 5,
        },
        **_hover(
            [_mean_words(name, row, of) for name, row, of in zip(names, rows, found, strict=True)]
        ),
    )
    label = "Top-1 here, mean over the seeds"
    return _chart([seeds, mean], rows, names, values=means, label=label)


def article_chart(rows: Sequence[Row], names: Sequence[str]) -> go.Figure:
    """Draw the article's top-1 on ImageNet, 100 − its error, a point a variant."""
    top1 = [100 - row.reported.top1 for row in rows]
    points = go.Scatter(
        x=top1,
        y=list(range(len(rows))),
        mode="markers",
        name="one network",
        marker={"color": ARTICLE, "size": 11, "symbol": "diamond"},
        **_hover(
            [
                f"{name}: {of:.2f} % top-1 on ImageNet<br>(error {row.reported.top1:.2f} %)"
                for name, row, of in zip(names, rows, top1, strict=True)
            ]
        ),
    )
    return _chart([points], rows, names, values=top1, label="The article’s top-1 on ImageNet")


def _chart(
    traces: list[go.Scatter],
    rows: Sequence[Row],
    names: Sequence[str],
    *,
    values: Sequence[float],
    label: str,
) -> go.Figure:
    """Lay rows out from top to bottom, with a dotted line at each reference."""
    values_text = ", ".join(
        f"{name} {value:.1f} %" for name, value in zip(names, values, strict=True)
    )
    return style.figure(
        [*_references(rows, values), *traces],
        height=AXIS_PIXELS + ROW_PIXELS * len(rows),
        label=f"{label}: {values_text}. The table holds all figures.",
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        xaxis={
            "title": {"text": "top-1, %"},
            "automargin": True,
            "zeroline": False,
            "nticks": 6,
            "tickangle": 0,
        },
        yaxis=style.rows_axis(names, showgrid=False, zeroline=False),
    )


def _references(rows: Sequence[Row], values: Sequence[float]) -> Iterator[go.Scatter]:
    """Draw a line at each reference, along the rows that are compared with it."""
    place = {row.variant: i for i, row in enumerate(rows)}
    for reference, group in groupby(range(len(rows)), lambda i: rows[i].reference):
        held, at = [*group], values[place[reference]]
        yield go.Scatter(
            x=[at, at],
            y=[held[0] - 0.42, held[-1] + 0.42],
            mode="lines",
            name="the reference",
            line={"color": style.faint(style.NEUTRAL, 0.95), "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
        )


def _seed_words(rows: Sequence[Row], names: Sequence[str]) -> list[str]:
    return [
        f"{name}, seed {seed}: {100 * share:.1f} %"
        for name, row in zip(names, rows, strict=True)
        for seed, share in enumerate(row.figures.top1)
    ]


def _mean_words(name: str, row: Row, of: Interval) -> str:
    count = len(row.figures.top1)
    if count < 2:
        return f"{name}: {100 * of.mean:.1f} %, one seed"
    ends = f"{100 * of.low:.1f} to {100 * of.high:.1f} %"
    return f"{name}: mean of {count} seeds {100 * of.mean:.1f} %<br>95 % interval {ends}"


def _reach(of: Interval) -> float | None:
    return None if of.high == float("inf") else 100 * (of.high - of.mean)


def _hover(texts: list[str]) -> dict[str, Any]:
    return {"customdata": texts, "hovertemplate": "%{customdata}<extra></extra>"}
