"""The page's own pieces of HTML, made from records.

HTML is `Markup`, all else is text: `Markup.format` and `join` escape text and leave HTML as it is.
"""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from seviz.records.analysis import AlphaPath
from seviz.records.entry import Entry
from seviz.records.trace import Answer
from seviz.words.answers import tops_caption
from seviz.words.numbers import duration, percent, points
from seviz.words.surgery import tops_along

NOTHING = Markup()
NO_ANSWER = Answer(-1, "", 0.0, 0.0)
WAITING = Markup(
    '<p class="headline waiting">Upload a photograph, or choose one of the examples: the answers '
    "with and without gates appear here, and every gate below.</p>"
)


def join(pieces: Iterable[str]) -> Markup:
    """Set pieces one after the other; those that are text are escaped."""
    return NOTHING.join(pieces)


def section(title: str, text: str) -> Markup:
    """Head one part of the page."""
    return Markup('<div class="section"><h2>{}</h2><p>{}</p></div>').format(title, text)


def headline(text: str, waiting: bool = False) -> Markup:
    """Set the sentence that answers a tab's question; or, fainter, what the tab waits for."""
    kind = "headline waiting" if waiting else "headline"
    unbroken = text.replace(" %", "\u00a0%")  # no line begins with the sign
    return Markup('<p class="{}">{}</p>').format(kind, unbroken)


def path_answers(path: AlphaPath, step: int, labels: Sequence[str], *, k: int) -> Markup:
    """Set the answers at a step of a path beside those at its start."""
    caption = tops_caption("With the photograph's own gates and at this α", k)
    heads = ("α = 0", f"α = {path.alphas[step]:.2f}")
    return table(caption, heads, tops_along(path, step, labels, k=k))


def items(lines: Iterable[str]) -> Markup:
    """Set lines as the items of a list."""
    return join(Markup("<li>{}</li>").format(line) for line in lines)


def table(
    caption: str, heads: tuple[str, str], pairs: Iterable[tuple[Answer | None, ...]]
) -> Markup:
    """Set pairs of answers in a table of probabilities and their difference.

    None of one side, not of both, where it does not know the class.
    """
    return Markup(
        '<table class="answers"><caption>{}, their probabilities, and the second column minus the '
        'first in percentage points</caption><thead><tr><th scope="col">answer</th>'
        '<th scope="col" class="intact">{}</th><th scope="col" class="other">{}</th>'
        '<th scope="col" class="difference">difference</th></tr></thead>'
        "<tbody>{}</tbody></table>"
    ).format(caption, *heads, join(_row(*pair) for pair in pairs))


def hint(text: str) -> Markup:
    """Set small print under a field."""
    return Markup('<p class="hint">{}</p>').format(text)


def notice(text: str | None) -> Markup:
    """Set apart a sentence that people should not miss; nothing for None."""
    return Markup('<p class="notice" role="status">{}</p>').format(text) if text else NOTHING


def progress(share: float, seconds: float) -> Markup:
    """Show the share of work that is done (0 to 1) after so many seconds, and the time left."""
    left = f", {duration(seconds * (1 / share - 1))} left" if share > 0.02 and seconds > 0.5 else ""
    return Markup(
        '<p class="working" role="status"><progress max="1" value="{:.3f}" '
        'aria-label="How far it is"></progress> {}{}</p>'
    ).format(share, percent(share) if share else "starting", left)


def network(entry: Entry) -> Markup:
    """Set the facts of the chosen network, under its name."""
    return Markup('<p class="network">{}</p>').format(" · ".join(_known(entry)))


def picker_line(entry: Entry) -> str:
    """Say in one line what a network is, for the list to choose from."""
    return f"{entry.title} ({', '.join(_picked(entry))})"


def column_heads(heads: Iterable[str]) -> Markup:
    """Set the heads of a table's columns."""
    return join(Markup('<th scope="col">{}</th>').format(head) for head in heads)


def cells(texts: Iterable[str]) -> Markup:
    """Set a row's cells, but for its head."""
    return join(Markup("<td>{}</td>").format(text) for text in texts)


def facts(text: str | None) -> Markup:
    """Set a sentence of figures; nothing for None."""
    return Markup('<p class="facts">{}</p>').format(text) if text else NOTHING


def classes(labels: Iterable[str]) -> Markup:
    """List what a network can answer, in alphabetical order."""
    names = sorted(labels, key=str.casefold)
    return Markup(
        '<div class="classes" tabindex="0" role="region" aria-label="Classes the network knows">{}'
        "</div>"
    ).format(join(Markup("<span>{}</span>").format(name) for name in names))


def _count(parameters: int) -> str:
    """Write a number of parameters: “2.5 M”, or “9.3 k” of a network of a teacher's size."""
    small = parameters < 50_000
    return f"{parameters / 1e3:.1f} k" if small else f"{parameters / 1e6:.1f} M"


def _picked(entry: Entry) -> Iterator[str]:
    yield _count(entry.parameters)
    if entry.top1 is not None:
        yield f"{entry.top1:.1f} %"
    yield entry.licence
    if entry.cached:
        yield "here"
    else:
        yield "to fetch" if entry.size is None else f"{entry.size / 1e6:.0f} MB to fetch"


def _known(entry: Entry) -> Iterator[str]:
    yield f"{_count(entry.parameters)} parameters"
    yield f"{entry.input_size[1]}×{entry.input_size[2]} pixels"
    if entry.top1 is not None:
        yield f"{entry.top1:.1f} / {entry.top5:.1f} % top-1 / top-5 on {entry.measured_on}"
    yield f"licence {entry.licence}"
    yield "on this machine" if entry.cached else "to be downloaded"


def _row(with_: Answer | None, without: Answer | None) -> Markup:
    label, difference = (with_ or without or NO_ANSWER).label, ""
    if with_ and without:
        difference = points(without.probability - with_.probability)
    return Markup('<tr><th scope="row">{}</th>{}{}<td class="difference">{}</td></tr>').format(
        label, _bar("intact", with_), _bar("other", without), difference
    )


def _bar(arm: str, answer: Answer | None) -> Markup:
    if answer is None:
        return Markup('<td class="{}">not a class</td>').format(arm)
    return Markup(
        '<td class="{}"><div class="bar"><span>{}</span>'
        '<span><i style="width:{:.2f}%"></i></span></div></td>'
    ).format(arm, percent(answer.probability), 100 * answer.probability)
