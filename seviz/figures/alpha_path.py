"""The α curve: an answer's probability on the path from a photograph's own gates to others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.analysis import AlphaPath
from seviz.records.target import ClassTarget, Difference, chance, target_label
from seviz.words.target import chance_axis

OTHERS = (
    {"color": style.OTHER, "dash": "dash"},
    {"color": style.ARMS["twin"], "dash": "dot"},
)


def step_at(path: AlphaPath, alpha: float) -> int:
    """Return the step of a path that is nearest to α."""
    return int(np.abs(path.alphas - alpha).argmin())


def rival(path: AlphaPath, target: int) -> int:
    """Return the class that comes nearest to the target, or overtakes it, anywhere on the path."""
    others = path.probabilities.max(0)
    return int(np.argmax(np.where(np.arange(len(others)) == target, -1, others)))


def _others(path: AlphaPath, target: int) -> list[int]:
    """Return the classes beside the target: its rival, and the answer at the end if it is a third.

    People read of the latter in the sentence on the path (`seviz.words.alpha_path`).
    """
    end = int(path.logits[-1].argmax())
    return [of for of in dict.fromkeys((rival(path, target), end)) if of != target]


def alpha_curve(
    path: AlphaPath, *, labels: Sequence[str], target: ClassTarget, alpha: float | None = None
) -> go.Figure:
    """Draw the probabilities of a class and of its strongest rival over α, marked at one α, if any.

    The answer at α = 1 is drawn, too, where it is a third class.
    Of a difference of two classes, the first one's probability if only these two counted, which is
    over one half where its logit is larger.
    """
    step = None if alpha is None else step_at(path, alpha)
    label = target_label(target, labels)
    traces = [*_curve(path, step, target, label=label, line={"color": style.INTACT, "width": 3})]
    if not isinstance(target, Difference):
        for other, look in zip(_others(path, target), OTHERS, strict=False):
            traces += _curve(path, step, other, label=labels[other], line={**look, "width": 2})
    return style.figure(
        traces,
        height=320,
        label=f"Probability of {label} over α, from own gates to {path.reference}",
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "range": [-0.01, 1.01],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": ["0<br>own gates", "0.25", "0.5", "0.75", f"1<br>{path.reference}"],
            "title": {"text": "α"},
            "automargin": True,
        },
        yaxis={
            "range": [0, 1],
            "tickformat": ".0%",
            "title": {"text": chance_axis(target)},
            "automargin": True,
            "zeroline": False,
        },
        shapes=[] if step is None else [_mark(float(path.alphas[step]))],
        uirevision=path.reference,
    )


def _mark(at: float) -> dict[str, Any]:
    """Draw a line over the whole height at one α."""
    line = {"color": style.OTHER, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _curve(
    path: AlphaPath, step: int | None, target: ClassTarget, *, label: str, line: dict[str, object]
) -> list[go.Scatter]:
    """Draw one class's probability along the path, and the point at a step, if any."""
    chances = chance(path.logits, target, path.head)
    hover = "α = %{x:.2f}: %{y:.1%}"
    curve = go.Scatter(
        x=path.alphas,
        y=chances,
        mode="lines",
        name=label,
        line=line,
        hovertemplate=hover,
    )
    if step is None:
        return [curve]
    point = go.Scatter(
        x=path.alphas[[step]],
        y=chances[[step]],
        mode="markers",
        name=label,
        showlegend=False,
        marker={"color": line["color"], "size": 11},
        hovertemplate=hover,
    )
    return [curve, point]
