"""The pieces of HTML of the tab “Compare”."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from seviz.analysis.photo_pair import ChannelDifference
from seviz.figures.overlay import data_uri
from seviz.phrases import capitalize
from seviz.records.trace import Answer, Trace
from seviz.ui.parts import tables
from seviz.ui.parts.columns import FIRST, answer_line
from seviz.ui.parts.html import facts, join
from seviz.words.answers import tops_caption, union_of_tops
from seviz.words.numbers import percent, points
from seviz.words.tables import photo_pair_table

UNCHANGED = Markup(
    '<p class="headline waiting">The change is shown as soon as the photograph is answered; if '
    "there is none, or it is no longer here, upload it (again).</p>"
)
WAITING = Markup(
    '<p class="headline waiting">Upload a second photograph, or choose one of the examples: the '
    "network answers it at once, and its gates are compared with those of the first.</p>"
)


def headline(sentence: str, more: str) -> Markup:
    """Set the tab's headline, and under it a second sentence or nothing."""
    return Markup('<p class="headline" role="status">{}</p>{}').format(sentence, facts(more))


def first_alone(first: Trace) -> Markup:
    """Set the first photograph's crop with the network's first answers."""
    return _columns(_column(first, "First photograph", "The first photograph"))


def both(first: Trace, second: Trace, title: str, *, k: int) -> Markup:
    """Set the crops of two photographs side by side, each with the network's first answers.

    Below them, folded away, a table of the answers that are among the first k to either. title: the
    network's name for people; of each trace the first row is shown.
    """
    columns = _columns(
        _column(first, "First photograph", "The first photograph")
        + _column(second, "Second photograph", "The second photograph")
    )
    return columns + _all_answers(first, second, title, k=k, names=("first", "second"))


def changed(first: Trace, second: Trace, title: str, *, k: int, as_changed: str) -> Markup:
    """Set a photograph as it is beside itself as changed, as `both` sets two.

    as_changed: what the change makes of it, such as “mirrored”.
    """
    columns = _columns(
        _column(first, "As it is", "The photograph as it is")
        + _column(second, capitalize(as_changed), f"The photograph, {as_changed}")
    )
    return columns + _all_answers(first, second, title, k=k, names=("as it is", "changed"))


def channels(
    found: Iterable[ChannelDifference],
    *,
    placed: bool,
    names: tuple[str, str] = ("first", "second"),
) -> Markup:
    """List the channels that differ most; placed: also by their standard deviations.

    names: of the two photographs.
    """
    return tables.of_gates(photo_pair_table(found, names, placed=placed))


def _all_answers(
    first: Trace, second: Trace, title: str, *, k: int, names: tuple[str, str]
) -> Markup:
    """Set the table of the answers that are among the first k to either of two photographs."""
    rows = replace(first, logits=np.stack([first.logits[0], second.logits[0]]))
    one, other = names
    answers = tables.figures(
        f"{tops_caption(title, k)}, their probabilities, and the second minus the first in "
        "percentage points",
        ("answer", one, other, f"{other} − {one}"),
        [("", _answers(*of)) for of in union_of_tops(rows, k)],
    )
    return Markup(
        '<details class="all-answers"><summary>All answers, in figures</summary>{}</details>'
    ).format(answers)


def _columns(pieces: Markup) -> Markup:
    return Markup('<div class="columns pair">{}</div>').format(pieces)


def _column(trace: Trace, title: str, what: str) -> Markup:
    """Set a photograph's crop under a title; what: the crop shows, as a phrase."""
    return Markup(
        '<section class="arm arm-intact"><h2>{title}</h2>'
        '<img src="{crop}" alt="{what}, as the network saw it"><ol>{answers}</ol>'
        "</section>"
    ).format(
        title=title,
        what=what,
        crop=data_uri(trace.seen),
        answers=join(map(answer_line, trace.top(0, FIRST))),
    )


def _answers(first: Answer, second: Answer) -> tuple[str, ...]:
    shares = [answer.probability for answer in (first, second)]
    return first.label, *map(percent, shares), points(shares[1] - shares[0])
