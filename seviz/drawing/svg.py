"""The pieces that drawings are made of, as SVG: `Markup`, which escapes every text put into it.

Their colours are CSS classes of the page (`.drawing`), so they follow its light and dark scheme.
"""

from markupsafe import Markup

Point = tuple[float, float]
HEAD = 7.0  # the length of an arrow's head


def drawing(
    corner: Point, opposite: Point, *, title: str, description: str, body: Markup
) -> Markup:
    """Assemble the part between two corners, with a text alternative; it shrinks to fit."""
    (x, y), (right, bottom) = corner, opposite
    width = right - x
    return Markup(
        '<svg class="drawing" viewBox="{:g} {:g} {:g} {:g}" style="max-width:{:.0f}px" role="img" '
        'xmlns="http://www.w3.org/2000/svg"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(x, y, width, bottom - y, 1.05 * width, title, description, body)


def text(at: Point, words: str, kind: str = "", *, anchor: str = "start") -> Markup:
    """Write words, centred on a point's height; what follows a _ is an index."""
    words, _, index = words.partition("_")
    lower = Markup('<tspan dy="0.3em" class="index">{}</tspan>').format(index) if index else ""
    return Markup(
        '<text x="{:g}" y="{:g}" dy="0.35em" text-anchor="{}" class="{}">{}{}</text>'
    ).format(*at, anchor, kind, words, lower)


def box(centre: float, top: float, *, width: float, height: float, kind: str) -> Markup:
    """Draw a box with round corners, around a vertical line."""
    return _rectangle((centre - width / 2, top), width=width, height=height, radius=6, kind=kind)


def field(corner: Point, opposite: Point, kind: str) -> Markup:
    """Draw the field behind a group."""
    (x, y), (right, bottom) = corner, opposite
    return _rectangle(corner, width=right - x, height=bottom - y, radius=10, kind=kind)


def _rectangle(corner: Point, *, width: float, height: float, radius: int, kind: str) -> Markup:
    return Markup('<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="{}" class="{}"/>').format(
        *corner, width, height, radius, kind
    )


def circle(centre: Point, radius: float, kind: str) -> Markup:
    """Draw a circle."""
    return Markup('<circle cx="{:g}" cy="{:g}" r="{:g}" class="{}"/>').format(*centre, radius, kind)


def dot(centre: Point) -> Markup:
    """Mark where a path splits."""
    return circle(centre, 2.5, "dot")


def line(points: list[Point], kind: str = "") -> Markup:
    """Draw a line through points."""
    return Markup('<polyline points="{}" class="line {}"/>').format(_coordinates(points), kind)


def arrow(points: list[Point], kind: str = "") -> Markup:
    """Draw a line through points with a head at its end; its last piece is level or upright."""
    (x0, y0), (x, y) = points[-2:]
    across, along = (x > x0) - (x < x0), (y > y0) - (y < y0)
    back_x, back_y, half = x - HEAD * across, y - HEAD * along, HEAD / 2
    corners = [
        (x, y),
        (back_x - half * along, back_y - half * across),
        (back_x + half * along, back_y + half * across),
    ]
    head = Markup('<polygon points="{}" class="head {}"/>').format(_coordinates(corners), kind)
    return line([*points[:-1], (back_x, back_y)], kind) + head


def _coordinates(points: list[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
