"""The pieces of HTML of the tab “Two photographs”."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from seviz.analysis.photo_pair import ChannelDifference
from seviz.figures.overlay import data_uri
from seviz.records.trace import Answer, Trace
from seviz.ui.parts import tables
from seviz.ui.parts.columns import FIRST, answer_line
from seviz.ui.parts.html import facts, join
from seviz.words.answers import tops_caption, union_of_tops
from seviz.words.numbers import decimals, difference, percent, points

WAITING = Markup(
    '<p class="headline waiting">Upload a second photograph, or choose one of the examples: the '
    "network answers it at once, and its gates are compared with those of the first.</p>"
)


def headline(sentence: str, more: str) -> Markup:
    """Set the tab's headline, and under it a second sentence or nothing."""
    return Markup('<p class="headline" role="status">{}</p>{}').format(sentence, facts(more))


def first_alone(first: Trace) -> Markup:
    """Set the first photograph's crop with the network's first answers."""
    return _columns(_column(first, "first"))


def both(first: Trace, second: Trace, title: str, *, k: int) -> Markup:
    """Set the crops of two photographs side by side, each with the network's first answers.

    Below them, folded away, a table of the answers that are among the first k to either. title: the
    network's name for people; of each trace the first row is shown.
    """
    rows = replace(first, logits=np.stack([first.logits[0], second.logits[0]]))
    answers = tables.figures(
        f"{tops_caption(title, k)}, their probabilities, and the second minus the first in "
        "percentage points",
        ("answer", "first", "second", "second − first"),
        [("", _answers(*of)) for of in union_of_tops(rows, k)],
    )
    return _columns(_column(first, "first") + _column(second, "second")) + Markup(
        '<details class="all-answers"><summary>All answers, in figures</summary>{}</details>'
    ).format(answers)


def channels(found: Iterable[ChannelDifference], *, placed: bool) -> Markup:
    """List the channels that differ most; placed: also by their standard deviations."""
    known = list(found)
    heads = ["block", "channel", "first s", "second s", "second − first"] + ["deviations"] * placed
    return tables.figures(
        f"The {len(known)} channels that differ most, sorted by |Δs|, the largest first",
        heads,
        [("", _row(channel, placed)) for channel in known],
        opens=[(channel.site, channel.channel) for channel in known],
    )


def _columns(pieces: Markup) -> Markup:
    return Markup('<div class="columns pair">{}</div>').format(pieces)


def _column(trace: Trace, which: str) -> Markup:
    return Markup(
        '<section class="arm arm-intact"><h2>{title} photograph</h2>'
        '<img src="{crop}" alt="The {which} photograph, as the network saw it"><ol>{answers}</ol>'
        "</section>"
    ).format(
        title=which.capitalize(),
        which=which,
        crop=data_uri(trace.seen),
        answers=join(map(answer_line, trace.top(0, FIRST))),
    )


def _answers(first: Answer, second: Answer) -> tuple[str, ...]:
    shares = [answer.probability for answer in (first, second)]
    return first.label, *map(percent, shares), points(shares[1] - shares[0])


def _row(channel: ChannelDifference, placed: bool) -> tuple[str, ...]:
    gates = [decimals(value, 3) for value in (channel.first, channel.second)]
    change = difference(channel.second - channel.first, 3)
    far = "" if channel.deviations is None else f"{channel.deviations:.1f}"
    return (channel.site, str(channel.channel), *gates, change, *[far] * placed)
