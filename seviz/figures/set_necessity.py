"""What is lost without each block and what the block costs; and sets along the greedy path."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import plotly.graph_objects as go

from seviz.figures import style
from seviz.records.losses import BlockLosses, GreedyPath, Loss
from seviz.words.numbers import percent
from seviz.words.set_necessity import lost_words

ROW_PIXELS = 24
KEPT, IN_SET = "kept", "in the set"
COLOURS = {KEPT: style.INTACT, IN_SET: style.OTHER}
PANELS = (("accuracy, points", (0.0, 0.44)), ("parameters", (0.5, 0.73)), ("time, %", (0.82, 1.0)))
BARS = {"color": style.NEUTRAL, "thickness": 1.2, "width": 4}  # of an interval; seen in the dark
CHOSE, CHECK = "images that chose", "images that check"


def block_chart(blocks: Sequence[BlockLosses], chosen: Collection[str] = ()) -> go.Figure:
    """Draw a row a block, the first on top: the accuracy lost by it alone, parameters and time.

    chosen: the blocks of a set, which are drawn in another colour.
    """
    sites = [block.site for block in blocks]
    kinds = {KEPT: [s not in chosen for s in sites], IN_SET: [s in chosen for s in sites]}
    traces = [
        bar
        for kind, inside in kinds.items()
        for bar in _bars(blocks, [row for row, is_in in enumerate(inside) if is_in], kind)
    ]
    layout = {
        f"xaxis{number or ''}": {
            "title": {"text": title},
            "domain": list(domain),
            "automargin": True,
            "nticks": 3 if number else 5,
            "zeroline": True,
            "zerolinecolor": style.faint(style.NEUTRAL, 0.9),
        }
        for number, (title, domain) in zip((0, 2, 3), PANELS, strict=True)
    }
    return style.figure(
        traces,
        height=100 + ROW_PIXELS * len(blocks),
        label="Change of accuracy where each block’s gates are replaced, and what the block costs",
        margin={"l": 8, "r": 12, "t": 36, "b": 8},
        showlegend=bool(chosen),
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        yaxis=style.rows_axis(sites, zeroline=False),
        **layout,
    )


def _bars(blocks: Sequence[BlockLosses], rows: Sequence[int], kind: str) -> Iterator[go.Bar]:
    """Yield the bars of some rows in the three panels."""
    some = [blocks[row] for row in rows]
    change = [-100 * block.alone.lost.mean for block in some]
    reach = [100 * (block.alone.lost.high - block.alone.lost.mean) for block in some]
    texts = [
        f"{block.site} alone: accuracy {lost_words(block.alone.lost)} points"
        f"<br>{percent(block.alone.stays)} of the answers stay"
        for block in some
    ]
    costs = [
        f"{block.site}: {block.parameters:,} parameters, {percent(block.time_share)} of the time "
        "of a pass of one image"
        for block in some
    ]
    panels: list[tuple[str, list[float], list[str], dict[str, Any]]] = [
        ("x", change, texts, {"error_x": {"array": reach, **BARS}}),
        ("x2", [block.parameters for block in some], costs, {}),
        ("x3", [100 * block.time_share for block in some], costs, {}),
    ]
    for axis, values, words, more in panels:
        yield go.Bar(
            y=list(rows),
            x=values,
            xaxis=axis,
            orientation="h",
            name=kind,
            legendgroup=kind,
            showlegend=axis == "x",
            width=0.62,
            marker={"color": COLOURS[kind]},
            customdata=words,
            hovertemplate="%{customdata}<extra></extra>",
            ids=[block.site for block in some],  # a click selects the block
            **more,
        )


def path_chart(path: GreedyPath, budget: float) -> go.Figure:
    """Draw what the sets of 1, 2 … blocks lose together; budget: in points, drawn as a line."""
    names = [f"{n}. {step.site}" for n, step in enumerate(path.steps, start=1)]
    curves = (
        (CHECK, style.INTACT, [step.checked for step in path.steps]),
        (CHOSE, style.NEUTRAL, [step.chosen for step in path.steps]),
    )
    return style.figure(
        [_curve(names, title, colour, losses=of) for title, colour, of in curves],
        height=360,
        label="Change of accuracy where the gates of the chosen blocks are replaced together",
        margin={"l": 8, "r": 12, "t": 36, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        xaxis={"automargin": True, "autotickangles": [0, 45, 90], "showgrid": False},
        yaxis={"title": {"text": "accuracy, points"}, "automargin": True, "zeroline": True},
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": -budget,
                "y1": -budget,
                "line": {"color": style.OTHER, "width": 1.5, "dash": "dash"},
            }
        ],
    )


def _curve(names: Sequence[str], title: str, colour: str, *, losses: Sequence[Loss]) -> go.Scatter:
    return go.Scatter(
        x=list(names),
        y=[-100 * of.lost.mean for of in losses],
        mode="lines+markers",
        name=title,
        line={"color": colour, "width": 2},
        marker={"size": 7},
        error_y={
            "array": [100 * (of.lost.high - of.lost.mean) for of in losses],
            "thickness": 1.2,
            "width": 4,
        },
        customdata=[f"{lost_words(of.lost)} points" for of in losses],
        hovertemplate=f"%{{x}} and those before, {title}: %{{customdata}}<extra></extra>",
    )
