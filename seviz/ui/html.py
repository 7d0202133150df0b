"""The page's own pieces of HTML, made from records; every text in them is escaped."""

from collections.abc import Iterable
from html import escape

from seviz.records import Answer, Trace
from seviz.words import headline, percent, points, union_of_tops

WAITING = (
    '<p class="headline waiting">Upload a photograph, or choose one of the examples: the answers '
    "with and without gates appear here, and every gate below.</p>"
)


def section(title: str, text: str) -> str:
    """Head one part of the page."""
    return f'<div class="section"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>'


def answers(trace: Trace, title: str, k: int) -> str:
    """Set both arms' answers side by side: one sentence, then the union of their top k.

    title: the network's name for people.
    """
    rows = "".join(_row(with_, without) for with_, without in union_of_tops(trace, k))
    return (
        f'<p class="headline">{escape(headline(trace))}</p>'
        f'<table class="answers"><caption>{escape(title)}: its first {k} answers with and without '
        "gates, their probabilities, and the difference in percentage points</caption>"
        '<thead><tr><th scope="col">answer</th><th scope="col" class="intact">with gates</th>'
        '<th scope="col" class="other">without</th>'
        '<th scope="col" class="difference">difference</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def facts(text: str) -> str:
    """Set a sentence of figures."""
    return f'<p class="facts">{escape(text)}</p>'


def classes(labels: Iterable[str]) -> str:
    """List what a network can answer, in alphabetical order."""
    names = "".join(f"<span>{escape(name)}</span>" for name in sorted(labels, key=str.casefold))
    return f'<div class="classes" tabindex="0" aria-label="Classes the network knows">{names}</div>'


def _row(with_: Answer, without: Answer) -> str:
    difference = points(without.probability - with_.probability)
    return (
        f'<tr><th scope="row">{escape(with_.label)}</th>{_bar("intact", with_)}'
        f'{_bar("other", without)}<td class="difference">{difference}</td></tr>'
    )


def _bar(arm: str, answer: Answer) -> str:
    width = f"{100 * answer.probability:.2f}%"
    return (
        f'<td class="{arm}"><div class="bar"><span>{percent(answer.probability)}</span>'
        f'<span><i style="width:{width}"></i></span></div></td>'
    )
