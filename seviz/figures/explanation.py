"""The maps of two arms over the photograph, and what each block's gates add to an answer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.analysis.evidence import scale_limit
from seviz.figures import style
from seviz.figures.atlas import ROW_PIXELS
from seviz.figures.effects import NEGATIVE, POSITIVE, channel_map
from seviz.figures.overlay import data_uri, over_photo
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import Floats

SIGNS = ("both", "for", "against")
HEIGHT = 440
PALE = 0.3  # how far the photograph's grey goes towards white, so that colours stand out
Bytes = npt.NDArray[np.uint8]


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

    names: the arms', for people; value: what a map's values are called.
    """
    first, second = found.pixels[0], found.pixels[1]
    drawn = [
        _map(found, seen, values, name=value, title=title, look=look)
        for values, title in (
            (first, names[0]),
            (second, names[1]),
            (first - second, "difference"),
        )
    ]
    return Pictures(*drawn)


def sweep(
    found: Attribution, seen: Bytes, names: tuple[str, str], *, value: str, look: Look, at: float
) -> go.Figure:
    """Draw the map on the way from the first arm's (at 0) to the second's (at 1)."""
    values = ((1 - at) * found.pixels[0] + at * found.pixels[1]).astype(np.float32)
    mixed = f"{100 * at:.0f} % of the way<br>to {names[1]}"
    title = names[0] if at == 0 else names[1] if at == 1 else mixed
    return _map(found, seen, values, name=value, title=title, look=look)


def _map(
    found: Attribution, seen: Bytes, values: Floats, *, name: str, title: str, look: Look
) -> go.Figure:
    of_arms = scale_limit(found.pixels[:2])
    return over_photo(
        values,
        of_arms,
        data_uri(grey(seen)),
        shape=seen.shape,
        name=name,
        label=f"{title.replace('<br>', ' ')}: {name} for {found.target.label} over the photograph",
        title=title,
        height=HEIGHT,
        colorscale=style.evidence(look.sign),
        opacity=look.opacity,
    )


def grey(seen: Bytes) -> Bytes:
    """Turn a photograph (H×W×3) grey and a little pale, by Rec. 601's weights of the colours."""
    luminance = seen @ np.array([0.299, 0.587, 0.114])
    pale = (1 - PALE) * luminance + PALE * 255
    return np.repeat(pale.round().astype(np.uint8)[..., None], 3, axis=2)


def shares_map(shares: GateShares, *, sort: str) -> go.Figure:
    """Draw every channel's share; `seviz.figures.effects.channel_in` gives a cell's channel."""
    return channel_map(
        shares.shares,
        sort=sort,
        name="share of the logit",
        label=f"Shares of all gates in the logit of “{shares.target.label}”, block by channel",
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
        customdata=names,
        hovertemplate="%{customdata}: %{x:+.4f}<extra></extra>",
    )
    return style.figure(
        [bars],
        height=70 + ROW_PIXELS * len(names),
        label=f"Shares of the blocks in the logit of “{shares.target.label}”",
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
        xaxis={"title": {"text": "share of the logit"}, "automargin": True},
        yaxis=style.rows_axis(names, zeroline=False),
    )
