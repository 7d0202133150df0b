"""The pieces of HTML of the view “The tables”."""

from statistics import fmean

from markupsafe import Markup

from seviz.nets.results import Results
from seviz.nets.shipped import accuracy_images, openable_keys
from seviz.study.against_reference import Row, rows
from seviz.study.paper import PAPER, SOURCES
from seviz.ui.parts import html
from seviz.ui.parts.sortable import Cell, Head, Line, table
from seviz.words.findings import (
    NAMES,
    QUESTIONS,
    REFERENCES,
    caveat_lines,
    headline,
    method_lines,
    order_words,
    short_name,
)
from seviz.words.numbers import difference as points

ARTICLE = "The article: ImageNet, full-size networks"
HERE_HELP = (
    "Hollow: each seed. Full: their mean with its 95 % interval. Dotted: the reference. Two "
    "intervals may overlap and the difference still be clear: the table has its own."
)
ARTICLE_HELP = (
    "One network a row, and an axis of its own: its numbers can’t be compared with those here, "
    "only which variant is ahead."
)


def here_panel() -> Markup:
    """Head the chart of the figures here."""
    return _panel("here", _here(), HERE_HELP)


def article_panel() -> Markup:
    """Head the chart of the article's figures."""
    return _panel("article", ARTICLE, ARTICLE_HELP)


def answer(study: str, results: Results) -> Markup:
    """Set a study's question, its answer, and how far the article's order is reproduced."""
    return Markup('<h2 class="question">{}</h2><p class="headline" role="status">{}</p>{}').format(
        QUESTIONS[study], headline(study, results), html.facts(order_words(study, results))
    )


def figures(study: str, results: Results) -> Markup:
    """Set a study's variants in a table, in the study's order."""
    opened = openable_keys()
    caption = (
        f"{NAMES[study]}. Differences in top-1 are to {REFERENCES[study]}; + is better. An "
        "underlined name opens its network in Explore; a column’s head sorts by it."
    )
    lines = [_line(study, row, row.figures.key in opened) for row in rows(study, results)]
    return table(caption, _heads(), lines)


def notes(study: str, results: Results) -> Markup:
    """Say how the figures and the article's were measured, and what they do not show."""
    source = f"{PAPER}, of {SOURCES[study]}; single crops of 224×224 pixels."
    parts = (
        ("How it was measured", method_lines(results)),
        ("Where the article’s figures come from", [source]),
        ("What these figures can’t tell you", caveat_lines(results)),
    )
    part = Markup('<h3>{}</h3><ul class="notes">{}</ul>')
    return html.join(part.format(title, html.items(lines)) for title, lines in parts)


def _here() -> str:
    return f"Here: {accuracy_images()}, small networks"


def _panel(kind: str, title: str, text: str) -> Markup:
    return Markup('<div class="panel {}"><h3>{}</h3><p>{}</p></div>').format(kind, title, text)


def _heads() -> list[Head]:
    ours = (
        "top-1, % ± spread",
        "top-5, %",
        "difference, points (95 % interval)",
        "is it clear?",
        "parameters",
        "multiply-adds",
    )
    theirs = ("top-1 error, %", "top-5 error, %", "difference, points", "parameters")
    return [
        Head("variant"),
        *(Head(text, _here()) for text in ours),
        *(Head(text, ARTICLE) for text in theirs),
    ]


def _line(study: str, row: Row, opens: bool) -> Line:
    found, reported = row.figures, row.reported
    cells = (
        Cell(short_name(study, row.variant)),
        Cell(_with_spread(row), found.mean),
        Cell(f"{100 * fmean(found.top5):.1f}"),
        *_against(row),
        Cell(f"{found.parameters:,}", found.parameters),
        Cell(f"{found.macs / 1e6:.1f} M", found.macs),
        Cell(f"{reported.top1:.2f}"),
        Cell(f"{reported.top5:.2f}"),
        Cell("reference", 0) if row.gap is None else Cell(points(row.gap.theirs), row.gap.theirs),
        Cell("", None)
        if reported.millions is None
        else Cell(f"{reported.millions} M", reported.millions),
    )
    kind = "reference" if row.gap is None else "clear" if row.gap.here.clear else ""
    says = f"Open {found.title} in Explore"
    return Line(kind, cells, found.key if opens else "", says)


def _with_spread(row: Row) -> str:
    mean = f"{100 * row.figures.mean:.1f}"
    return mean if len(row.figures.top1) < 2 else f"{mean} ± {100 * row.figures.spread:.1f}"


def _against(row: Row) -> tuple[Cell, Cell]:
    """Write a difference with its interval, and whether the seeds suffice to be sure of it."""
    if row.gap is None:
        return Cell("reference", 0), Cell("")
    gap = row.gap.here
    if gap.low == float("-inf"):
        return Cell(points(100 * gap.mean), gap.mean), Cell("one seed can’t tell")
    ends = f"{points(100 * gap.low)} to {points(100 * gap.high)}"
    verdict = "clear" if gap.clear else "too few seeds to be sure"
    return Cell(f"{points(100 * gap.mean)} ({ends})", gap.mean), Cell(verdict)
