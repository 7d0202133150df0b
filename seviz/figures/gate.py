"""One gate over the images of a data set: its classes, its distribution, and z against s."""

import numpy as np
import plotly.graph_objects as go

from seviz.figures import style
from seviz.phrases import minus
from seviz.records.one_gate import ClassGate, OneGate

ROW_PIXELS = 20
AROUND = 62  # pixels over and under the rows
HEIGHT = 330
LONGEST = 26  # characters of a class's name beside a bar


def class_bars(gate: OneGate, count: int) -> go.Figure | None:
    """Draw the mean gates of the classes that it opens and shuts for most, `count` of each.

    With a line of one standard deviation over a class's images; None where there are no classes.
    """
    opens, shuts = gate.opens_for(count), gate.shuts_for(count)[::-1]
    shown = [*opens, *shuts]
    if not shown:
        return None
    colours = [style.OPEN] * len(opens) + [style.SHUT] * len(shuts)
    bars = go.Bar(
        x=[of.s for of in shown],
        y=list(range(len(shown))),
        orientation="h",
        width=0.7,
        marker={"color": colours},
        error_x={
            "array": [of.std for of in shown],
            "color": style.faint(style.NEUTRAL, 0.9),
            "thickness": 1.5,
            "width": 3,
        },
        meta={"column": "mean gate"},
        customdata=[_class_words(of) for of in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )
    names = ", ".join(f"{of.label} {of.s:.2f}" for of in (*opens[:3], *shuts[-3:]))
    return style.figure(
        [_mean_line(gate.mean, len(shown)), bars],
        height=AROUND + ROW_PIXELS * len(shown),
        label=f"Classes by the mean gate of {gate.name}, the largest and the smallest: {names}",
        margin={"l": 8, "r": 12, "t": 26, "b": 8},
        xaxis={"title": {"text": "mean gate s"}, "automargin": True, "zeroline": True},
        yaxis=style.rows_axis([_short(of.label) for of in shown], showgrid=False, zeroline=False),
        annotations=[style.heading(f"┊ mean over all images: {gate.mean:.2f}")],
    )


def distribution(gate: OneGate) -> go.Figure:
    """Draw how a gate is spread over the images: its quantiles, and a histogram where known."""
    levels = np.arange(len(gate.quantiles)) / (len(gate.quantiles) - 1)
    curve = go.Scatter(
        x=list(gate.quantiles),
        y=levels,
        mode="lines",
        name="share of images with a smaller gate",
        line={"color": style.INTACT, "width": 2},
        meta={"column": "share of images with a smaller gate"},
        hovertemplate="%{y:.0%} of the images have a gate under %{x:.3f}<extra></extra>",
    )
    traces = [curve]
    if gate.histogram:
        edges, counts = np.array(gate.histogram.edges), np.array(gate.histogram.counts)
        bars = go.Bar(
            x=(edges[1:] + edges[:-1]) / 2,
            y=counts / counts.sum(),
            width=edges[1:] - edges[:-1],
            name="share of images around it",
            marker={"color": style.faint(style.INTACT, 0.35), "line": {"width": 0}},
            meta={"column": "share of images around it"},
            hovertemplate="around %{x:.3f}: %{y:.1%} of the sampled images<extra></extra>",
        )
        traces = [bars, curve]
    middle = gate.quantiles[len(gate.quantiles) // 2]
    return style.figure(
        traces,
        height=HEIGHT,
        label=f"Distribution of {gate.name} over the images: half of them are under {middle:.2f}",
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        bargap=0,
        xaxis={"title": {"text": "gate s"}, "automargin": True, "zeroline": False},
        yaxis={
            "title": {"text": "share of images"},
            "tickformat": ".0%",
            "range": [0, 1.02],
            "automargin": True,
            "zeroline": False,
        },
        annotations=[style.heading(f"mean {gate.mean:.3f} ± {gate.std:.3f}")],
    )


def descriptor_scatter(gate: OneGate) -> go.Figure | None:
    """Draw each class's mean z against its mean s; None where z is not known."""
    known = [of for of in gate.classes if of.z is not None]
    if not known:
        return None
    dots = go.Scatter(
        x=[of.z for of in known],
        y=[of.s for of in known],
        mode="markers",
        name="a class",
        marker={"color": style.INTACT, "size": 6 if len(known) > 40 else 8},
        customdata=[_class_words(of) for of in known],
        meta={"key": "customdata"},
        hovertemplate="%{customdata}<extra></extra>",
    )
    r = gate.correlation
    said = "" if r is None else minus(f"correlation {r:.2f}")
    return style.figure(
        [dots],
        height=HEIGHT,
        label=f"Mean z against mean s of {len(known)} classes at {gate.name}, {said or 'constant'}",
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        xaxis={"title": {"text": "mean descriptor z"}, "automargin": True, "zeroline": False},
        yaxis={"title": {"text": "mean gate s"}, "automargin": True, "zeroline": False},
        annotations=[style.heading(said)],
    )


def _mean_line(mean: float, rows: int) -> go.Scatter:
    return go.Scatter(
        x=[mean, mean],
        y=[-0.5, rows - 0.5],
        mode="lines",
        line={"color": style.faint(style.NEUTRAL, 0.95), "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )


def _class_words(of: ClassGate) -> str:
    z = "" if of.z is None else minus(f", z = {of.z:.3g}")
    return f"{of.label}: s = {of.s:.3f} ± {of.std:.3f}{z} ({of.images:,} images)"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
