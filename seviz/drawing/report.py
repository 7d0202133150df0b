"""A report as one HTML file, which needs no server, no network and, but for charts, no script."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from seviz.figures import style
from seviz.figures.overlay import Bytes, data_uri
from seviz.figures.printable import CHARTS_JS, PRINT
from seviz.figures.standalone import chart_label, packed_figures, packed_library
from seviz.records.trace import Answer
from seviz.words.numbers import percent
from seviz.words.tables import Table

FOLDER = Path(__file__).parent
CSS = Markup((FOLDER / "css" / "report.css").read_text("utf-8"))  # noqa: S704 - our own
SCRIPT = Markup((FOLDER / "report.js").read_text("utf-8"))  # noqa: S704 - our own
NO_SCRIPT = "This chart needs a browser that runs scripts; tables and sentences do not."
NOTHING = Markup()


@dataclass(frozen=True)
class Column:
    """The first answers of an arm, or to a photograph: its title, its colour as #rrggbb.

    note: on it, or ""; seen: what the network saw of the photograph, H×W×3 bytes, where it differs
    between columns.
    """

    title: str
    colour: str
    answers: Sequence[Answer]
    note: str = ""
    seen: Bytes | None = None


@dataclass(frozen=True)
class Maps:
    """Pictures in a row, each with its title, H×W×3 bytes, on one scale from −limit to limit."""

    pictures: Sequence[tuple[str, Bytes]]
    limit: str


@dataclass(frozen=True)
class Section:
    """A part of a report, from top to bottom.

    name: its id; headline: its answer, or "". lines: sentences; notices: those that people should
    not miss. charts: Plotly figures, each with how it is read. code: a command, or "".
    """

    name: str
    title: str
    headline: str = ""
    notices: Sequence[str] = ()
    columns: Sequence[Column] = ()
    lines: Sequence[str] = ()
    maps: Maps | None = None
    charts: Sequence[tuple[Any, str]] = ()
    tables: Sequence[Table] = ()
    hints: Sequence[str] = ()
    code: str = ""


def report_page(title: str, sections: Sequence[Section], *, of: str, seen: Bytes) -> str:
    """Set a report's sections in a page.

    of: what it is of, in a line; seen: what the network saw of the photograph, H×W×3 bytes.
    """
    charts = [figure for section in sections for figure, _ in section.charts]
    first = 0
    parts = []
    for section in sections:
        parts.append(_section(section, first))
        first += len(section.charts)
    links = _join(_LINK.format(section.name, section.title) for section in sections)
    whole: Markup = _PAGE.format(
        title=title,
        of=of,
        css=CSS,
        seen=data_uri(seen, "WebP"),
        links=links,
        sections=_join(parts),
        print=_json(PRINT),
        library=packed_library(),
        charts=packed_figures(charts),
        shared=Markup(CHARTS_JS),  # noqa: S704 - our own
        script=SCRIPT,
    )
    return str(whole)


_PAGE = Markup(
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="generator" content="seviz"><link rel="icon" href="data:,">'
    "<title>{title}</title><style>{css}</style></head>\n<body><header><h1>{title}</h1>"
    '<p class="of">{of}</p></header><nav aria-label="Contents"><ul>{links}</ul></nav>'
    '<figure class="seen"><img src="{seen}" alt="The photograph, as the network saw it">'
    "<figcaption>What the network saw of the photograph</figcaption></figure>"
    "\n<main>{sections}</main>\n"
    '<script type="text/plain" id="packed-plotly">{library}</script>\n'
    '<script type="text/plain" id="packed-charts">{charts}</script>\n'
    "<script>window.SEVIZ_PRINT = {print};\n{shared}</script>\n<script>{script}</script>"
    "</body></html>\n"
)
_LINK = Markup('<li><a href="#{}">{}</a></li>')


def _section(section: Section, first: int) -> Markup:
    """Set a part of the page; first: the number of its first chart."""
    pieces = [
        _texts('<p class="headline">{}</p>', [section.headline] if section.headline else []),
        _texts('<p class="notice">{}</p>', section.notices),
        _columns(section.columns),
        _texts("<p>{}</p>", section.lines),
        _maps(section.maps) if section.maps else NOTHING,
        *(_chart(first + i, *chart) for i, chart in enumerate(section.charts)),
        *map(_table, section.tables),
        _texts('<p class="hint">{}</p>', section.hints),
        _texts("<pre>{}</pre>", [section.code] if section.code else []),
    ]
    return Markup('<section id="{}"><h2>{}</h2>{}</section>\n').format(
        section.name, section.title, _join(pieces)
    )


def _columns(columns: Sequence[Column]) -> Markup:
    row = Markup('<div class="columns">{}</div>')
    return row.format(_join(map(_column, columns))) if columns else NOTHING


def _column(column: Column) -> Markup:
    answers = _join(
        Markup(
            '<li><span>{}</span><span>{}</span><i class="bar" style="width:{:.2f}%"></i></li>'
        ).format(answer.label, percent(answer.probability), 100 * answer.probability)
        for answer in column.answers
    )
    return Markup('<div class="column" style="--arm:{}"><h3>{}</h3>{}<ol>{}</ol>{}</div>').format(
        column.colour,
        column.title,
        NOTHING if column.seen is None else _seen(column.seen, column.title),
        answers,
        _texts("<p>{}</p>", [column.note] if column.note else []),
    )


def _seen(pixels: Bytes, title: str) -> Markup:
    return Markup('<img src="{}" alt="{}, as the network saw it">').format(
        data_uri(pixels, "WebP"), title
    )


def _maps(maps: Maps) -> Markup:
    pictures = _join(
        Markup('<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>').format(
            data_uri(pixels, "WebP"), title, title
        )
        for title, pixels in maps.pictures
    )
    colours = f"linear-gradient(90deg, {style.AGAINST}, #c8c8c8, {style.FOR})"
    return Markup(
        '<div class="pictures">{}</div><p class="scale"><span>−{}</span>'
        '<i style="background:{}"></i><span>{}</span></p>'
    ).format(pictures, maps.limit, colours, maps.limit)


def _chart(number: int, figure: Any, hint: str) -> Markup:
    return Markup(
        '<figure><div class="chart" data-chart="{}" role="figure" aria-label="{}">{}</div>'
        "<figcaption>{}</figcaption></figure>"
    ).format(number, chart_label(figure), NO_SCRIPT, hint)


def _table(table: Table) -> Markup:
    """Set a table; columns without any text are left out, and one without heads is of facts."""
    kept = [i for i, full in enumerate(table.full) if full]
    marks = table.marked or [False] * len(table.rows)
    heads = _texts('<th scope="col">{}</th>', (table.heads[i] for i in kept))
    rows = _join(
        Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(
            Markup(' class="marked"') if marked else NOTHING,
            row[0],
            _texts("<td>{}</td>", (row[i] for i in kept[1:])),
        )
        for row, marked in zip(table.rows, marks, strict=True)
    )
    headed = any(table.heads)
    return Markup(
        '<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table{kind}>'
        "<caption>{caption}</caption>{head}<tbody>{rows}</tbody></table></div>"
    ).format(
        caption=table.caption,
        kind=NOTHING if headed else Markup(' class="facts"'),
        head=Markup("<thead><tr>{}</tr></thead>").format(heads) if headed else NOTHING,
        rows=rows,
    )


def _texts(tag: str, texts: Iterable[str]) -> Markup:
    """Set texts, each in a piece of HTML of ours."""
    piece = Markup(tag)  # noqa: S704 - of this module alone
    return _join(piece.format(text) for text in texts)


def _join(pieces: Iterable[Markup]) -> Markup:
    return NOTHING.join(pieces)


def _json(value: Any) -> Markup:
    """Write our own values for a script."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - no tag is left in it
