"""The pieces of HTML of the tab “Two photographs”."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from seviz.analysis.photo_pair import ChannelDifference
from seviz.figures.overlay import data_uri
from seviz.records.trace import Trace
from seviz.ui.parts.html import cells, column_heads, facts, join, table
from seviz.words.answers import tops_caption, union_of_tops
from seviz.words.numbers import decimals, percent

WAITING = Markup(
    '<p class="headline waiting">Upload a second photograph, or choose one of the examples: the '
    "network answers it at once, and its gates are held against those of the first.</p>"
)


def headline(sentence: str, more: str) -> Markup:
    """Set the tab's headline, and under it a second sentence or nothing."""
    return Markup('<p class="headline" role="status">{}</p>{}').format(sentence, facts(more))


def both(first: Trace, second: Trace, title: str, *, k: int) -> Markup:
    """Set the crops of two photographs side by side, over the network's answers to both.

    title: the network's name for people; of each trace the first row is shown.
    """
    rows = replace(first, logits=np.stack([first.logits[0], second.logits[0]]))
    caption = tops_caption(title, k)
    crops = _crop(first, "intact", "first") + _crop(second, "other", "second")
    answers = table(caption, ("first", "second"), union_of_tops(rows, k))
    return Markup('<div class="crops">{}</div>{}').format(crops, answers)


def channels(found: Iterable[ChannelDifference], *, placed: bool) -> Markup:
    """List the channels that differ most; placed: also by their standard deviations."""
    heads = ["block", "channel", "first s", "second s"] + ["deviations"] * placed
    return Markup(
        '<div class="figures" tabindex="0" aria-label="Channels that differ most"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(column_heads(heads), join(_row(channel, placed) for channel in found))


def _crop(trace: Trace, arm: str, which: str) -> Markup:
    best = trace.top(0, 1)[0]
    text = f"The {which} photograph, as the network saw it"
    caption = f"{which}: {best.label}, {percent(best.probability)}"
    return Markup(
        '<figure class="{}"><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>'
    ).format(arm, data_uri(trace.seen), text, caption)


def _row(channel: ChannelDifference, placed: bool) -> Markup:
    texts = [str(channel.channel), decimals(channel.first, 3), decimals(channel.second, 3)]
    if placed:
        texts.append("" if channel.deviations is None else f"{channel.deviations:.1f}")
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(channel.site, cells(texts))
