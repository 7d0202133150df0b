"""The mark of seviz: an SE block in a square, legible from 16 pixels, on light and on dark."""

from markupsafe import Markup

from seviz.nets.embedded import ASSETS

MARK = ASSETS / "mark.svg"


def mark(pixels: int) -> Markup:
    """Draw the mark as an ornament of the name beside it; screen readers pass over it."""
    drawn = Markup(MARK.read_text("utf-8"))  # noqa: S704  # a file of ours
    return drawn.replace(
        Markup('role="img" aria-label="seviz"'),
        Markup('class="mark" width="{0}" height="{0}" aria-hidden="true"').format(pixels),
    )
