"""Deletion and insertion: the curves of the arms' maps and of the controls."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.trust import Curve, MapTrust, Trust
from seviz.words.target import chance_axis, chance_noun

CONTROLS: dict[str, dict[str, Any]] = {
    "random": {"color": style.NEUTRAL, "dash": "dot"},
    "edges": {"color": style.SHUT, "dash": "dash"},
    "randomised": {"color": style.OPEN, "dash": "dashdot"},
}
BASELINES = ("blur", "mean")
HEIGHT = 330  # pixels
LEGEND_HEIGHT = 60  # pixels, where there is one
LEGEND = {"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom"}  # over the first panel's head
PANELS = ({"y": "y", "domain": [0.56, 1]}, {"y": "y2", "domain": [0, 0.44]})  # one a baseline


def curves_chart(
    trust: Trust, task: str, names: Mapping[str, str], *, legend: bool = False
) -> go.Figure:
    """Draw the curves of a task, deletion or insertion, one panel a baseline.

    names: what the maps are called for people, by their names in the record; legend: whether the
    figure says which line is whose, where nothing beside it does.
    """
    lines = [
        _line(map_, curve, names)
        for map_ in trust.maps
        for curve in map_.curves
        if curve.task == task
    ]
    verb = "go" if task == "deletion" else "come"
    first = {
        "automargin": True,
        "rangemode": "tozero",
        "tickformat": ".0%",
        "title": {"text": chance_axis(trust.target)},
        "zeroline": False,
    }
    return style.figure(
        lines,
        height=HEIGHT + LEGEND_HEIGHT * legend,
        label=f"{task.capitalize()}: {chance_noun(trust.target)} while pixels {verb}",
        margin={"l": 8, "r": 24, "t": 26 + LEGEND_HEIGHT * legend, "b": 8},
        showlegend=legend,
        legend=LEGEND,
        hovermode="x unified",
        annotations=[
            {
                **style.heading(_panel_title(task, baseline)),
                "yref": f"{panel['y']} domain",
            }
            for baseline, panel in zip(BASELINES, PANELS, strict=True)
        ],
        xaxis={
            "anchor": "y2",
            "tickformat": ".0%",
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "range": [0, 1],
            "title": {"text": f"share of the pixels {_moved(task)}"},
            "automargin": True,
        },
        yaxis={**first, "domain": PANELS[0]["domain"]},
        yaxis2={**first, "domain": PANELS[1]["domain"]},
    )


def look_of(map_: MapTrust) -> dict[str, Any]:
    """Return the line of a map's curves: an arm's thick, a control's thin and broken."""
    if map_.control:
        return {**CONTROLS[map_.name], "width": 1.5}
    return {"color": style.ARMS.get(map_.name, style.ARMS["edited"]), "width": 3}


def _line(map_: MapTrust, curve: Curve, names: Mapping[str, str]) -> go.Scatter:
    """Draw a curve; both panels share the legend's entry of their map."""
    steps = len(curve.probabilities) - 1
    return go.Scatter(
        x=[i / steps for i in range(steps + 1)],
        y=curve.probabilities,
        mode="lines",
        name=names.get(map_.name, map_.name),
        legendgroup=map_.name,
        showlegend=curve.baseline == BASELINES[0],
        line=look_of(map_),
        yaxis=PANELS[BASELINES.index(curve.baseline)]["y"],
        hovertemplate="%{y:.1%}",
    )


def _panel_title(task: str, baseline: str) -> str:
    ground = {"blur": "blurred photo", "mean": "mean colour"}[baseline]
    return f"<b>{task.capitalize()}</b>, {'to' if task == 'deletion' else 'from'} {ground}"


def _moved(task: str) -> str:
    return "taken away" if task == "deletion" else "brought"
