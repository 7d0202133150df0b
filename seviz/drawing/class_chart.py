"""Class curves, and the selectivity of blocks by depth, as SVG files."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from seviz.drawing.line_chart import Axes, Series, line_chart
from seviz.figures import style
from seviz.figures.classes import OVERALL, PHOTO, X_TITLES, gate_range
from seviz.figures.selectivity import (
    CHANCE,
    CONSTANT,
    NEIGHBOURS,
    SATURATED,
    SELECTIVITY,
    SHARE,
)
from seviz.records.classes import BlockSelectivity, ClassCurves


def curves_chart(curves: ClassCurves, *, order: str) -> Markup:
    """Draw the curves of a block, with bands of one standard deviation to either side."""
    channels = curves.order(order)
    series = [Series(OVERALL, curves.overall[channels].tolist(), style.NEUTRAL)]
    for curve, colour in zip(curves.classes, style.CLASSES, strict=False):
        mean, std = curve.mean[channels], curve.std[channels]
        band: dict[str, Any] = {"low": (mean - std).tolist(), "high": (mean + std).tolist()}
        series.append(Series(curve.label, mean.tolist(), colour, **band))
    if curves.photo is not None:
        series.append(Series(PHOTO, curves.photo[channels].tolist(), style.PHOTO, dashed=True))
    low, high = gate_range([curves])
    axes = Axes(f"mean gate s in {curves.block}", low, high, x_title=X_TITLES[order])
    return line_chart(f"Class curves of {curves.block}", series, axes)


def depth_chart(blocks: Sequence[BlockSelectivity], *, chance: float) -> Markup:
    """Draw the measures of all blocks on one axis; the first has a band, its 95 % interval."""
    low = [b.share_low for b in blocks if b.share_low is not None]
    high = [b.share_high for b in blocks if b.share_high is not None]
    ends: dict[str, Any] = {"low": low, "high": high}
    whole = len(low) == len(high) == len(blocks)
    series = [
        Series(SHARE, [b.share for b in blocks], style.INTACT, **(ends if whole else {})),
        Series(SELECTIVITY, [b.selectivity for b in blocks], style.OTHER),
        Series(CONSTANT, [b.constant for b in blocks], style.SHUT),
        Series(SATURATED, [b.saturated for b in blocks], style.OPEN),
    ]
    if blocks[0].neighbours is not None:
        series.append(Series(NEIGHBOURS, [b.neighbours for b in blocks], style.CLASSES[4]))
        series.append(Series(CHANCE, [chance] * len(blocks), style.NEUTRAL, dashed=True))
    axes = Axes("0 to 1", 0, 1, names=[b.block for b in blocks])
    return line_chart("What gates tell of an image’s class, by depth", series, axes)
