"""Charts of a photograph that is changed: how far its gates move, and its answer by strength."""

from typing import Any

import plotly.graph_objects as go

from seviz.analysis.drift import arms_with_gates, drift_pair
from seviz.figures import style
from seviz.figures.photo_pair import TITLES, Line, distances_chart
from seviz.photos.changes import MIRRORED, Change, find_change
from seviz.records.drift import Drift, Passed
from seviz.records.target import ClassTarget, target_label
from seviz.reference.profile import Profile
from seviz.words.arms import arm_title
from seviz.words.target import class_chance_axis


def drift_chart(drift: Drift, point: Passed, profile: Profile | None, *, measure: str) -> go.Figure:
    """Draw how far each arm's gates are from those of the unchanged photograph, block by block.

    profile and measure: as of `pair_chart`.
    """
    change = find_change(drift.changing.change)
    lines = [
        Line(
            arm_title(drift.arms[row]),
            style.ARMS.get(drift.arms[row].name, style.NEUTRAL),
            drift_pair(drift, point, profile, arm=row),
        )
        for row in arms_with_gates(drift)
    ]
    label = f"{TITLES[measure]} between the photograph as it is and {change.title}, at each block"
    return distances_chart(lines, profile, measure, label=label)


def drift_curve(drift: Drift, *, target: ClassTarget, strength: float) -> go.Figure:
    """Draw each arm's probability of a class over the strengths, marked at one of them."""
    change = find_change(drift.changing.change)
    ends = change.neutral, change.strongest
    margin, of = 0.02 * (ends[1] - ends[0]), target_label(target, drift.labels)
    mark: dict[str, Any] = {
        "type": "line",
        "x0": strength,
        "x1": strength,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": style.NEUTRAL, "width": 2, "dash": "dot"},
    }
    return style.figure(
        [_curve(drift, row, target, change=change) for row in range(len(drift.arms))],
        height=320,
        label=f"Probability of {of} as the photograph is {change.title} more",
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "range": [ends[0] - margin, ends[1] + margin],
            "title": {"text": change.strength},
            "automargin": True,
            "zeroline": False,
            **_ticks(change),
        },
        yaxis={
            "range": [0, 1],
            "tickformat": ".0%",
            "title": {"text": class_chance_axis(target, drift.labels)},
            "automargin": True,
            "zeroline": False,
        },
        shapes=[mark],
        uirevision=change.name,
    )


def _ticks(change: Change) -> dict[str, Any]:
    if change.name == MIRRORED:
        return {"tickvals": [0, 1], "ticktext": ["as it is", "mirrored"]}
    return {}


def _curve(drift: Drift, row: int, target: ClassTarget, *, change: Change) -> go.Scatter:
    arm = drift.arms[row]
    name, dashed = arm_title(arm), row > 0
    return go.Scatter(
        x=drift.strengths,
        y=drift.chances(row, target),
        mode="lines+markers",
        name=name,
        line={
            "color": style.ARMS.get(arm.name, style.NEUTRAL),
            "width": 2 if dashed else 3,
            "dash": "dash" if dashed else "solid",
        },
        marker={"size": 7},
        hovertemplate=f"{name}, {change.strength or change.title} %{{x:g}}: %{{y:.1%}}"
        "<extra></extra>",
    )
