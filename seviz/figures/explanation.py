"""The maps of two arms over the photograph, and what each block's gates add to an answer."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import plotly.graph_objects as go

from seviz.analysis.evidence import PLACES, move, scale_limit
from seviz.figures import style
from seviz.figures.atlas import ROW_PIXELS
from seviz.figures.effects import NEGATIVE, POSITIVE, channel_map
from seviz.figures.overlay import Bytes, data_uri, grey, over_photo
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import Floats
from seviz.words.target import score_name, score_title

SIGNS = ("both", "for", "against")
THIRDS = 3  # of a photograph, both ways: its regions are ninths
INK = "#111"  # of frames, over the pale photograph in either theme
HEIGHT = 230  # pixels: a heading, and about 200 for the map


@dataclass(frozen=True)
class Look:
    """How maps are drawn: which of `SIGNS` is shown, and how opaque the largest values are."""

    sign: str = "both"
    opacity: float = 0.8


@dataclass(frozen=True)
class Pictures:
    """The first arm's map, the second's, and the first less the second, all on one scale."""

    first: go.Figure
    second: go.Figure
    difference: go.Figure


def pictures(
    found: Attribution, seen: Bytes, names: tuple[str, str], *, value: str, look: Look
) -> Pictures:
    """Draw the maps of two arms over the crop (H×W×3) that the network saw, in grey.

    In the difference, the ninths that lose and gain most are framed where evidence moves. names:
    the arms', for people; value: what a map's values are called.
    """
    first, second = found.pixels[0], found.pixels[1]
    drawn = [
        _map(found, seen, values, name=value, title=title, look=look)
        for values, title in (
            (first, names[0]),
            (second, names[1]),
            (first - second, "first − second"),
        )
    ]
    _frame(drawn[2], found)
    return Pictures(*drawn)


def arm_map(
    found: Attribution, seen: Bytes, row: int, *, name: str, value: str, look: Look
) -> go.Figure:
    """Draw the map of one arm, called `name`, as `pictures` does the first two."""
    return _map(found, seen, found.pixels[row], name=value, title=name, look=look)


def _frame(figure: go.Figure, found: Attribution) -> None:
    """Frame the ninths that lose and gain most evidence, where the page names them."""
    moved = move(found)
    if moved is None or moved.stays:
        return
    for (place, *_), text, dash in (
        (moved.loser, "share<br>falls most", "dot"),
        (moved.gainer, "share<br>grows most", "solid"),
    ):
        x0, x1, y0, y1 = _edges(place, *found.pixels.shape[1:])
        line = {"color": INK, "width": 2, "dash": dash}
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line=line)
        figure.add_annotation(
            x=(x0 + x1) / 2,
            y=y0,
            yanchor="top",
            text=text,
            showarrow=False,
            font={"color": INK, "size": 10},
            bgcolor="rgba(255, 255, 255, 0.75)",
        )


def _edges(place: str, rows: int, columns: int) -> list[float]:
    """Return the left, right, upper and lower edge of a place; a pixel's centre is its number."""
    row, column = divmod(PLACES.index(place), THIRDS)
    return [
        ceil(i * side / THIRDS) - 0.5
        for first, side in ((column, columns), (row, rows))
        for i in (first, first + 1)
    ]


def sweep(
    found: Attribution, seen: Bytes, names: tuple[str, str], *, value: str, look: Look, at: float
) -> go.Figure:
    """Draw the map on the way from the first arm's (at 0) to the second's (at 1)."""
    values = ((1 - at) * found.pixels[0] + at * found.pixels[1]).astype(np.float32)
    mixed = f"{100 * at:.0f} % of the way to {names[1]}"
    title = names[0] if at == 0 else names[1] if at == 1 else mixed
    return _map(found, seen, values, name=value, title=title, look=look)


def _map(
    found: Attribution, seen: Bytes, values: Floats, *, name: str, title: str, look: Look
) -> go.Figure:
    of_arms = scale_limit(found.pixels[:2])
    figure = over_photo(
        values,
        of_arms,
        data_uri(grey(seen)),
        shape=seen.shape,
        name=name,
        label=f"{title}: {name} for {found.target.label} over the photograph",
        title=title,
        height=HEIGHT,
        bar=False,
        colorscale=style.evidence(look.sign),
        opacity=look.opacity,
    )
    # Where a picture is narrower than its place, it stays at its heading.
    figure.update_layout(xaxis_constraintoward="left", yaxis_constraintoward="top")
    return figure


def shares_map(shares: GateShares) -> go.Figure:
    """Draw every channel's share."""
    return channel_map(
        shares.shares,
        name=f"share of the {score_name(shares.target)}",
        label=f"Shares of all gates in the {score_title(shares.target)}, block by channel",
    )


def shares_chart(shares: GateShares) -> go.Figure:
    """Draw what all gates of a block add together, a bar a block, the first on top."""
    names = list(shares.shares)
    sums = np.array([of_block.sum(dtype=np.float64) for of_block in shares.shares.values()])
    bars = go.Bar(
        y=np.arange(len(names)),
        x=sums,
        orientation="h",
        width=0.62,
        marker={"color": [POSITIVE if value > 0 else NEGATIVE for value in sums]},
        ids=names,  # a click selects the block
        customdata=names,
        hovertemplate="%{customdata}: %{x:+.4f}<extra></extra>",
    )
    return style.figure(
        [bars],
        height=70 + ROW_PIXELS * len(names),
        label=f"Shares of the blocks in the {score_title(shares.target)}",
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
        xaxis={"title": {"text": f"share of the {score_name(shares.target)}"}, "automargin": True},
        yaxis=style.rows_axis(names, zeroline=False),
    )
