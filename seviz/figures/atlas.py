"""The atlas: every channel of every SE block at a glance, depth downwards, channels across.

Each block's channels share the full width, because stage 5 has eight times as many as stage 2:
on a common axis the first blocks would be slivers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures import style
from seviz.figures.gates import GateScale, gate_scale, mean_words
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.words.arms import is_folded

ROW_PIXELS = 18
TOP, BOTTOM = 50, 18  # pixels over the rows for the scale of colours, and under them
TITLE_LINE = 16  # pixels of each further line of the scale's title
LABELS = {"s": "gates s", "z": "squeeze z", "applied": "gates s as applied"}
BY_NUMBER, LARGEST_FIRST = "channel 0 → C−1", "largest s → smallest s"  # orders, in words
# What channels are ordered by, C a block, the largest first.
Keys = Mapping[str, npt.NDArray[np.floating[Any]]]
TINY = 1e-12  # the least width of a scale
NARROW = 0.02  # of the width: a shorter run of edited channels is also pointed at
NO_GATES_HERE = "Gates of this network are folded into its weights:<br>none are compared here."
NO_GATES = "This network was trained without SE:<br>it has no gates."
NO_Z = "There is no z: this network does not squeeze.<br>Each position is gated by itself."


def order(keys: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.intp]:
    """Return the channels of one block (C) from the largest key down; equal ones by number."""
    return np.argsort(-keys, kind="stable")


def values(trace: Trace, arm: int, *, show: str, difference: bool = False) -> dict[str, Floats]:
    """Return what the atlas shows of each block, C by name: z, or s as computed or applied.

    difference: the first arm less this one.
    """
    shown = {"s": trace.s_computed, "z": trace.z, "applied": trace.s}[show]
    return {
        name: of_arms[0] - of_arms[arm] if difference else of_arms[arm]
        for name, of_arms in shown.items()
    }


@dataclass(frozen=True)
class View:
    """What an atlas shows: `values` of an arm, in an order, on a scale.

    keys: what the channels are ordered by, by number where None. scale: of the gates.
    """

    arm: int
    show: str
    difference: bool
    keys: Keys | None
    scale: GateScale

    @property
    def diverging(self) -> bool:
        """Tell whether the values are drawn around 0, on a scale of each block's own for z."""
        return self.show == "z" or self.difference

    def ordered(self, site: Site) -> npt.NDArray[np.intp]:
        """Return a block's channels from left to right."""
        return order(self.keys[site.name]) if self.keys else np.arange(site.channels)


def atlas(
    trace: Trace,
    *,
    arm: int,
    show: str,
    difference: bool = False,
    keys: Keys | None = None,
    ordered: str = BY_NUMBER,
    scale: GateScale | None = None,
    rows: Sequence[str] = (),
) -> go.Figure:
    """Draw `values` of one arm: z has a symmetric scale of its own in each block.

    Of gates as applied, those that an edit changed are underlined. keys: what the channels are
    ordered by, by number where not given; ordered: says so under the rows. scale: of the gates, by
    default the trace's own. rows: the blocks that get a row, in order, which stays empty where the
    network has no such block; by default its own. The custom data of a cell, or the first of them,
    is its channel; its text is the value, which `column` in the figure's meta names.
    """
    names = list(rows) or [site.name for site in trace.sites]
    view = View(arm, show, difference, keys, scale or gate_scale(trace))
    why = _reason_for_nothing(trace, view)
    label = why.replace("<br>", " ") or f"Atlas of {LABELS[show]}, block by channel"
    shown = {} if why else values(trace, arm, show=show, difference=difference)
    title = "" if why else _scale_title(trace, view, shown)
    top = TOP + TITLE_LINE * title.count("<br>")
    return style.figure(
        [] if why else _rows(trace, view, names, shown=shown, title=title),
        height=top + BOTTOM + ROW_PIXELS * len(names),
        label=label,
        meta={"label": label, "column": _value_name(trace, view)},
        margin=style.rows_margin(names, top=top, bottom=BOTTOM),
        xaxis={
            "range": [0, 1],
            "visible": False,
        },
        annotations=[_note(why) if why else _order_words(ordered)],
        yaxis=style.rows_axis(names, showgrid=False),
        uirevision=f"{trace.model}",
    )


def _reason_for_nothing(trace: Trace, view: View) -> str:
    """Say why an arm has nothing to show; "" where it has."""
    if view.show == "z" and not any(site.squeezed for site in trace.sites):
        return NO_Z
    arm = trace.arms[view.arm]
    if not arm.is_twin:
        return ""
    return NO_GATES_HERE if is_folded(arm) else NO_GATES


def _rows(
    trace: Trace, view: View, names: Sequence[str], *, shown: Mapping[str, Floats], title: str
) -> list[Any]:
    """Draw a row a block, of which the first carries the scale of colours of all, and marks.

    shown: the view's values; title: of the scale.
    """
    look = _look(view, shown)
    rows = [
        _row(names.index(site.name), trace, site, view=view, raw=shown[site.name], look=look)
        for site in trace.sites
    ]
    rows[0].update(showscale=True, colorbar=style.colorbar(title))
    return [*rows, *(_marks(trace, view) if view.show == "applied" else [])]


def _look(view: View, shown: Mapping[str, Floats]) -> dict[str, Any]:
    """Return the scale of colours of all rows, and its ends."""
    if not view.diverging:
        return {"colorscale": view.scale.colours, "zmin": view.scale.low, "zmax": view.scale.high}
    limit = 1.0 if view.show == "z" else max(float(abs(s).max()) for s in shown.values())
    return {"colorscale": style.SIGNED, "zmin": -max(limit, TINY), "zmax": max(limit, TINY)}


def _row(
    depth: int, trace: Trace, site: Site, *, view: View, raw: Floats, look: dict[str, Any]
) -> go.Heatmap:
    """Draw one block's channels as a row; its name is the trace's meta."""
    drawn = view.ordered(site)
    raw = raw[drawn]
    known, channel = drawn.astype(np.int16)[None], "customdata"
    value = f"{view.show} {'differs by' if view.difference else '='} %{{text:.4f}}"
    if view.show == "applied":
        known = np.stack([drawn, trace.s_computed[site.name][view.arm][drawn]], -1)[None]
        known, channel = known.astype(np.float32), "customdata[0]"
        value = f"s {'differs by' if view.difference else '='} %{{text:.4f}} applied<br>"
        value += "s = %{customdata[1]:.4f} computed"
    return go.Heatmap(
        z=(raw / max(float(abs(raw).max()), TINY) if view.show == "z" else raw)[None],
        x0=0.5 / site.channels,
        dx=1 / site.channels,
        y0=depth,
        dy=1,
        meta=site.name,
        customdata=known,
        text=raw[None],
        hovertemplate=f"%{{meta}} · channel %{{{channel}}} of {site.channels}<br>"
        f"{value}<extra></extra>",
        ygap=2,
        showscale=False,
        **look,
    )


def _marks(trace: Trace, view: View) -> list[go.Scatter]:
    """Underline the gates that an edit changed, and point at the runs too short to be seen."""
    lines, points = [], []
    for depth, site in enumerate(trace.sites):
        of_arm = trace.s[site.name][view.arm] != trace.s_computed[site.name][view.arm]
        edited = of_arm[view.ordered(site)]
        # Where runs of edited channels begin and end, in shares of the width.
        ends = np.flatnonzero(np.diff(edited, prepend=False, append=False)) / site.channels
        for start, stop in ends.reshape(-1, 2):
            lines += [(start, depth + 0.4), (stop, depth + 0.4), (None, None)]
            if stop - start < NARROW:
                points.append(((start + stop) / 2, depth + 0.4))
    return [
        _mark(lines, mode="lines", line={"color": style.OTHER, "width": 4}),
        _mark(
            points,
            mode="markers",
            marker={
                "color": style.OTHER,
                "symbol": "triangle-up",
                "size": 10,
                "line": {"color": "white", "width": 1},
            },
        ),
    ]


def _mark(places: Sequence[tuple[float | None, float | None]], **look: Any) -> go.Scatter:
    """Draw over the cells without taking their hover labels and clicks."""
    x, y = zip(*places, strict=True) if places else ((), ())
    return go.Scatter(x=x, y=y, hoverinfo="skip", cliponaxis=False, **look)


def _value_name(trace: Trace, view: View) -> str:
    """Name the `values` that are shown."""
    mean = "" if view.show == "z" else mean_words(trace.sites)
    if view.difference:
        sides = "with gates − edited" if view.show == "applied" else "with − without"
        return f"{mean}{'z' if view.show == 'z' else 's'}, {sides}"
    if view.show == "z":
        return "squeeze z"
    return f"{mean or 'gate '}s as applied" if view.show == "applied" else f"{mean}excitation s"


def _scale_title(trace: Trace, view: View, shown: Mapping[str, Floats]) -> str:
    """Name what the colours mean; gates beyond their scale, as edited ones may be, are named.

    In short lines: a telephone cuts what is wider than half of it.
    """
    name = _value_name(trace, view)
    if view.show == "z":
        return f"{name}<br>÷ the block's largest{'' if view.difference else ' |z|'}"
    if view.difference:
        return name
    return name + (";<br>beyond: end colour" if view.scale.exceeded(shown.values()) else "")


def _order_words(text: str) -> dict[str, Any]:
    """Say under the rows in which order their channels stand."""
    return style.heading(text) | {"y": 0, "yanchor": "top", "font": None}


def _note(text: str) -> dict[str, Any]:
    """Write in the middle of the rows why they are empty."""
    return style.heading(text) | {
        "x": 0.5,
        "y": 0.5,
        "xanchor": "center",
        "yanchor": "middle",
        "align": "center",
    }
