"""A result as HTML for notebooks: a headline, a table, and what it is of."""

from collections.abc import Iterable, Sequence
from itertools import compress

from markupsafe import Markup

CELL = "padding:.15em .8em .15em 0;text-align:{};border-bottom:1px solid rgba(128,128,128,.3)"
LEFT, RIGHT = CELL.format("left"), CELL.format("right")  # the first column, and numbers


def result_table(
    headline: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, below: Iterable[str]
) -> Markup:
    """Set a headline over a table with a head for each column, and paragraphs below it.

    Columns in which no row says anything are left out.
    All texts are escaped. The styles are the elements' own, as notebooks have style sheets of
    theirs, light or dark.
    """
    said = [any(cells) for cells in zip(*rows, strict=True)] or [True] * len(heads)
    head = _row("th", tuple(compress(heads, said)))
    body = Markup("").join(_row("td", tuple(compress(row, said))) for row in rows)
    notes = (
        Markup('<p style="margin:.3em 0;font-size:.85em;opacity:.75">{}</p>').format(text)
        for text in below
        if text
    )
    return Markup(
        '<div><p style="margin:.3em 0;font-weight:600">{}</p>'
        '<table style="border-collapse:collapse"><thead>{}</thead><tbody>{}</tbody></table>{}</div>'
    ).format(headline, head, body, Markup("").join(notes))


def _row(kind: str, cells: Sequence[str]) -> Markup:
    tag = Markup("<{0} style='{1}'>{2}</{0}>")
    first, *others = cells
    drawn = [tag.format(Markup(kind), LEFT, first)]  # noqa: S704 - th or td
    drawn += [tag.format(Markup(kind), RIGHT, cell) for cell in others]  # noqa: S704
    return Markup("<tr>{}</tr>").format(Markup("").join(drawn))
