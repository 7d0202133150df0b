"""A chart of lines as an SVG file of its own, which needs no browser and no style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 960, 480
LEFT, RIGHT, BOTTOM = 60, 16, 76  # margins in pixels
LINE = 20  # pixels of a line of the legend
LETTER = 7.0  # pixels, about
TICKS = 5  # of the upright axis, and at most 8 numbers on the level one
FONT = Markup("font-family='system-ui, sans-serif' font-size='12'")


@dataclass(frozen=True)
class Series:
    """A line: its values, None where there is none; low and high: of a band around it, if any."""

    name: str
    values: Sequence[float | None]
    colour: str
    dashed: bool = False
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


@dataclass(frozen=True)
class Axes:
    """What the axes say: the upright one's title and range; the level one's title, or its names."""

    y_title: str
    low: float
    high: float
    x_title: str = ""
    names: Sequence[str] = ()


def line_chart(title: str, series: Sequence[Series], axes: Axes) -> Markup:
    """Draw lines of the same number of points; the text under the title is a legend."""
    legend, top = _legend(series, start=46)
    place = _Place(max(len(each.values) for each in series), top, axes)
    bands = Markup("").join(_band(each, place) for each in series if each.low is not None)
    lines = Markup("").join(_line(each, place) for each in series)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        '{font} fill="#222"><title>{title}</title><rect width="{w}" height="{h}" fill="#fff"/>'
        '<text x="{left}" y="24" font-size="15">{title}</text>{legend}{axes}{bands}{lines}</svg>\n'
    ).format(
        w=WIDTH,
        h=HEIGHT,
        font=FONT,
        title=title,
        left=LEFT,
        legend=legend,
        axes=_axes(place),
        bands=bands,
        lines=lines,
    )


@dataclass(frozen=True)
class _Place:
    """Where points lie: their number, and the top of the chart in pixels."""

    points: int
    top: float
    axes: Axes

    def x(self, i: float) -> float:
        """Return the pixel of a point by its number."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (i + 0.5) / self.points

    def y(self, value: float) -> float:
        """Return the pixel of a value; one beyond the axis lies at its end."""
        share = (value - self.axes.low) / (self.axes.high - self.axes.low)
        bottom = HEIGHT - BOTTOM
        return bottom - (bottom - self.top) * min(max(share, 0), 1)

    def path(self, values: Sequence[float | None], *, back: bool = False) -> str:
        """Return the coordinates of the values that there are, to two decimals."""
        points = [(self.x(i), self.y(v)) for i, v in enumerate(values) if v is not None]
        return " ".join(f"{x:.2f},{y:.2f}" for x, y in (reversed(points) if back else points))


def _line(series: Series, place: _Place) -> Markup:
    dash = Markup(' stroke-dasharray="5 4"') if series.dashed else Markup("")
    return Markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.4"{}><title>{}</title>'
        "</polyline>"
    ).format(place.path(series.values), series.colour, dash, series.name)


def _band(series: Series, place: _Place) -> Markup:
    low, high = place.path(series.low or ()), place.path(series.high or (), back=True)
    return Markup('<polygon points="{} {}" fill="{}" fill-opacity="0.18"/>').format(
        low, high, series.colour
    )


def _legend(series: Sequence[Series], *, start: float) -> tuple[Markup, float]:
    """Name the lines, in as many rows as they need; returns the pixel under the last one, too."""
    x, y, entries = float(LEFT), start, []
    for each in series:
        width = 40 + LETTER * len(each.name)
        if x + width > WIDTH - RIGHT and x > LEFT:
            x, y = float(LEFT), y + LINE
        dash = Markup(' stroke-dasharray="5 4"') if each.dashed else Markup("")
        entries.append(
            Markup(
                '<path d="M{:.0f} {:.0f}h20" stroke="{}" stroke-width="3"{}/>'
                '<text x="{:.0f}" y="{:.0f}">{}</text>'
            ).format(x, y - 4, each.colour, dash, x + 26, y, each.name)
        )
        x += width
    return Markup("").join(entries), y + LINE


def _axes(place: _Place) -> Markup:
    axes, bottom = place.axes, HEIGHT - BOTTOM
    values = [axes.low + (axes.high - axes.low) * i / TICKS for i in range(TICKS + 1)]
    ticks = [
        Markup(
            '<path d="M{} {y:.2f}H{}" stroke="#ddd"/>'
            '<text x="{}" y="{:.2f}" text-anchor="end">{:.3g}</text>'
        ).format(LEFT, WIDTH - RIGHT, LEFT - 6, place.y(v) + 4, v, y=place.y(v))
        for v in values
    ]
    title = Markup(
        '<text transform="translate(16 {:.0f}) rotate(-90)" text-anchor="middle">{}</text>'
    ).format((place.top + bottom) / 2, axes.y_title)
    return Markup("").join([*ticks, title, *_level_axis(place)])


def _level_axis(place: _Place) -> list[Markup]:
    axes, bottom = place.axes, HEIGHT - BOTTOM
    if axes.names:
        name_at = Markup(
            '<text transform="translate({:.2f} {}) rotate(-45)" text-anchor="end">{}</text>'
        )
        return [
            name_at.format(place.x(i) + 4, bottom + 14, name) for i, name in enumerate(axes.names)
        ]
    step = max(1, round(place.points / 8, -1 if place.points > 80 else None))
    numbers = [
        Markup('<text x="{:.2f}" y="{}" text-anchor="middle">{}</text>').format(
            place.x(i), bottom + 18, i
        )
        for i in range(0, place.points, int(step))
    ]
    title = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
        (LEFT + WIDTH - RIGHT) // 2, bottom + 44, axes.x_title
    )
    return [*numbers, title]
