"""A page of figures as an HTML file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from seviz.figures.standalone import divisions

STYLE = Markup(
    "body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:80rem;padding:0 1rem;"
    "color:#222;background:#fff}footer{color:#555;font-size:.8rem}"
)


def figures_html(figures: Sequence[Any]) -> Iterator[Markup]:
    """Write Plotly figures as HTML, which Plotly makes of their own text: it escapes it itself."""
    for division in divisions(figures):
        yield Markup(division)  # noqa: S704


def document(
    title: str, paragraphs: Iterable[str], *, figures: Iterable[Markup], footer: str
) -> str:
    """Set paragraphs over figures, which are HTML, in a page; all else is escaped."""
    body = Markup("").join(Markup("<p>{}</p>").format(text) for text in paragraphs)
    return Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{title}</title><style>{style}</style></head>"
        "<body><h1>{title}</h1>{body}{figures}<footer>{footer}</footer></body></html>\n"
    ).format(
        title=title,
        style=STYLE,
        body=body,
        figures=Markup("").join(figures),
        footer=footer,
    )
