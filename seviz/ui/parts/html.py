"""The page's own pieces of HTML, made from records; every text in them is escaped."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from seviz.analysis.against_intact import compare
from seviz.records.analysis import AlphaPath
from seviz.records.arms import Edit
from seviz.records.entry import Entry
from seviz.records.trace import Answer, Trace
from seviz.words.answers import change_words, doubt, twin_words, union_of_tops
from seviz.words.answers import headline as answered
from seviz.words.numbers import duration, percent, points
from seviz.words.surgery import edit_words, edited_headline, tops_along

WAITING = (
    '<p class="headline waiting">Upload a photograph, or choose one of the examples: the answers '
    "with and without gates appear here, and every gate below.</p>"
)


def section(title: str, text: str) -> str:
    """Head one part of the page."""
    return f'<div class="section"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>'


def headline(text: str, waiting: bool = False) -> str:
    """Set the sentence that answers a tab's question; or, fainter, what it waits for."""
    return f'<p class="headline{" waiting" if waiting else ""}">{escape(text)}</p>'


def answers(trace: Trace, title: str, k: int) -> str:
    """Set both arms' answers side by side: one sentence, then the union of their top k.

    title: the network's name for people.
    """
    caption = f"{title}: its first {k} answers with and without gates"
    change = compare(trace, 1)
    assert change is not None  # the first arm is intact
    return (
        f"{headline(answered(trace))}"
        f"{notice(doubt(trace))}"
        f"{table(caption, ('with gates', 'without'), union_of_tops(trace, k))}"
        f"{facts(change_words(change, trace.labels[change.target]))}"
        f"{facts(twin_words(trace))}"
    )


def edited(trace: Trace, title: str, k: int) -> str:
    """Set the answers with edits (second arm) beside the intact ones, with what changed."""
    caption = f"{title}: its first {k} answers as trained and edited"
    change = compare(trace, 1)
    assert change is not None  # the first arm is intact
    return (
        f"{headline(edited_headline(trace))}"
        f"{table(caption, ('as trained', 'edited'), union_of_tops(trace, k))}"
        f"{facts(change_words(change, trace.labels[change.target]))}"
    )


def along(path: AlphaPath, step: int, labels: Sequence[str], k: int) -> str:
    """Set the answers at a step of a path beside those at its beginning."""
    caption = f"The first {k} answers with the photograph's own gates and at this α"
    heads = ("α = 0", f"α = {path.alphas[step]:.2f}")
    return table(caption, heads, tops_along(path, step, labels, k))


def edits(history: Sequence[Edit], link: str) -> str:
    """List edits in words, and give the address that leads back to them."""
    listed = "".join(f"<li>{escape(edit_words(edit))}</li>" for edit in history)
    if not listed:
        return '<p class="facts">No gate is edited.</p>'
    return (
        f'<ol class="edits">{listed}</ol>'
        f'<p class="facts"><a href="{escape(link)}">Link to this network with these edits</a>; the '
        "photograph is not in it.</p>"
    )


def table(caption: str, heads: tuple[str, str], pairs: Iterable[tuple[Answer, Answer]]) -> str:
    """Set pairs of answers in a table of probabilities and their difference."""
    rows = "".join(_row(*pair) for pair in pairs)
    first, second = map(escape, heads)
    return (
        f'<table class="answers"><caption>{escape(caption)}, their probabilities, and the '
        "difference in percentage points</caption>"
        f'<thead><tr><th scope="col">answer</th><th scope="col" class="intact">{first}</th>'
        f'<th scope="col" class="other">{second}</th>'
        '<th scope="col" class="difference">difference</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def hint(text: str) -> str:
    """Set small print under a field."""
    return f'<p class="hint">{escape(text)}</p>'


def notice(text: str | None) -> str:
    """Set a sentence apart that people should not miss; nothing for None."""
    return f'<p class="notice" role="status">{escape(text)}</p>' if text else ""


def progress(share: float, seconds: float) -> str:
    """Show how far work is (0 to 1) after so many seconds, and about how long it will take."""
    left = f", {duration(seconds * (1 / share - 1))} left" if share > 0.02 and seconds > 0.5 else ""
    return (
        f'<p class="working" role="status"><progress max="1" value="{share:.3f}" '
        f'aria-label="How far it is"></progress> {percent(share) if share else "starting"}'
        f"{escape(left)}</p>"
    )


def network(entry: Entry) -> str:
    """Say what is known of the chosen network, under its name."""
    return f'<p class="network">{escape(" · ".join(_known(entry)))}</p>'


def networks(entries: Iterable[Entry]) -> str:
    """List networks by group, with their facts."""
    rows = []
    for group, members in groupby(entries, lambda entry: entry.group):
        rows.append(f'<tr class="group"><th colspan="6" scope="rowgroup">{escape(group)}</th></tr>')
        rows += [_line(entry) for entry in members]
    heads = ("network", "parameters", "pixels", "top-1 / top-5", "licence", "weights")
    return (
        '<div class="networks" tabindex="0" aria-label="All networks"><table>'
        "<caption>Accuracy in % on the validation images of ImageNet-1k, as timm publishes it (of "
        "some at a larger size than they are asked at here); of the embedded network on "
        "Tiny-ImageNet-200, and of the laboratory's on some classes of it.</caption><thead><tr>"
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def facts(text: str | None) -> str:
    """Set a sentence of figures; nothing for None."""
    return f'<p class="facts">{escape(text)}</p>' if text else ""


def classes(labels: Iterable[str]) -> str:
    """List what a network can answer, in alphabetical order."""
    names = "".join(f"<span>{escape(name)}</span>" for name in sorted(labels, key=str.casefold))
    return f'<div class="classes" tabindex="0" aria-label="Classes the network knows">{names}</div>'


def _known(entry: Entry) -> Iterator[str]:
    yield f"{entry.parameters / 1e6:.1f} M parameters"
    yield f"{entry.input_size[1]}×{entry.input_size[2]} pixels"
    if entry.top1 is not None:
        yield f"{_accuracy(entry)} % top-1 / top-5 on {entry.measured_on}"
    yield f"licence {entry.licence}"
    yield "on this machine" if entry.cached else "to be downloaded"


def _line(entry: Entry) -> str:
    cells = (
        f"{entry.parameters / 1e6:.1f} M",
        str(entry.input_size[1]),
        _accuracy(entry),
        entry.licence,
        "here" if entry.cached else "to download",
    )
    said = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(entry.title)}</th>{said}</tr>'


def _accuracy(entry: Entry) -> str:
    return "" if entry.top1 is None else f"{entry.top1:.1f} / {entry.top5:.1f}"


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
