"""The pieces that drawings are made of, as SVG; every text in them is escaped.

Their colours are CSS classes of the page (`.drawing`), so they follow its light and dark scheme.
"""

from html import escape

Point = tuple[float, float]
HEAD = 7.0  # the length of an arrow's head


def drawing(corner: Point, opposite: Point, title: str, description: str, body: str) -> str:
    """Assemble what lies between two corners, with a text alternative; it shrinks to its place."""
    (x, y), (right, bottom) = corner, opposite
    return (
        f'<svg class="drawing" viewBox="{x:g} {y:g} {right - x:g} {bottom - y:g}" '
        f'style="max-width:{1.05 * (right - x):.0f}px" role="img" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{body}</svg>"
    )


def text(at: Point, words: str, kind: str = "", anchor: str = "start") -> str:
    """Write words, centred on a point's height; what follows a _ is an index."""
    x, y = at
    words, _, index = map(escape, words.partition("_"))
    lower = f'<tspan dy="0.3em" class="index">{index}</tspan>' if index else ""
    return (
        f'<text x="{x:g}" y="{y:g}" dy="0.35em" text-anchor="{anchor}" class="{kind}">'
        f"{words}{lower}</text>"
    )


def box(centre: float, top: float, width: float, height: float, kind: str) -> str:
    """Draw a box with round corners, around a vertical line."""
    return (
        f'<rect x="{centre - width / 2:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
        f'rx="6" class="{kind}"/>'
    )


def field(corner: Point, opposite: Point, kind: str) -> str:
    """Draw a field behind what belongs together."""
    (x, y), (right, bottom) = corner, opposite
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{right - x:g}" height="{bottom - y:g}" rx="10" '
        f'class="{kind}"/>'
    )


def circle(centre: Point, radius: float, kind: str) -> str:
    """Draw a circle."""
    x, y = centre
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{kind}"/>'


def dot(centre: Point) -> str:
    """Mark where a way splits."""
    return circle(centre, 2.5, "dot")


def line(points: list[Point], kind: str = "") -> str:
    """Draw a line through points."""
    through = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{through}" class="line {kind}"/>'


def arrow(points: list[Point], kind: str = "") -> str:
    """Draw a line through points with a head at its end; its last piece is level or upright."""
    (x0, y0), (x, y) = points[-2:]
    across, along = (x > x0) - (x < x0), (y > y0) - (y < y0)
    back_x, back_y, half = x - HEAD * across, y - HEAD * along, HEAD / 2
    corners = [
        (x, y),
        (back_x - half * along, back_y - half * across),
        (back_x + half * along, back_y + half * across),
    ]
    head = " ".join(f"{cx:g},{cy:g}" for cx, cy in corners)
    shaft = line([*points[:-1], (back_x, back_y)], kind)
    return f'{shaft}<polygon points="{head}" class="head {kind}"/>'
