"""The pieces of HTML of the tab “Two photographs”."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

import numpy as np

from seviz.analysis.photo_pair import ChannelDifference
from seviz.figures.overlay import data_uri
from seviz.records.trace import Trace
from seviz.ui.parts.html import facts, table
from seviz.words.answers import union_of_tops
from seviz.words.numbers import decimals, percent

WAITING = (
    '<p class="headline waiting">Upload a second photograph, or choose one of the examples: the '
    "network answers it at once, and its gates are held against those of the first.</p>"
)


def headline(said: str, more: str) -> str:
    """Set the tab's one sentence, and under it what else is to be known."""
    return f'<p class="headline" role="status">{escape(said)}</p>{facts(more) if more else ""}'


def both(first: Trace, second: Trace, title: str, k: int) -> str:
    """Set what the network saw of two photographs side by side, over its answers to both.

    title: the network's name for people; of each trace the first row is told.
    """
    rows = replace(first, logits=np.stack([first.logits[0], second.logits[0]]))
    caption = f"{title}: its first {k} answers to the two photographs"
    crops = _crop(first, "intact", "first") + _crop(second, "other", "second")
    said = table(caption, ("first", "second"), union_of_tops(rows, k))
    return f'<div class="crops">{crops}</div>{said}'


def channels(found: Iterable[ChannelDifference], *, placed: bool) -> str:
    """List the channels that differ most; placed: also by their standard deviations."""
    heads = ["block", "channel", "first s", "second s"] + ["deviations"] * placed
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    rows = "".join(_row(channel, placed) for channel in found)
    return (
        '<div class="figures" tabindex="0" aria-label="Channels that differ most"><table>'
        f"<thead><tr>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _crop(trace: Trace, arm: str, which: str) -> str:
    best = trace.top(0, 1)[0]
    text = f"The {which} photograph, as the network saw it"
    said = escape(f"{which}: {best.label}, {percent(best.probability)}")
    return (
        f'<figure class="{arm}"><img src="{data_uri(trace.seen)}" alt="{text}">'
        f"<figcaption>{said}</figcaption></figure>"
    )


def _row(channel: ChannelDifference, placed: bool) -> str:
    cells = [str(channel.channel), decimals(channel.first, 3), decimals(channel.second, 3)]
    if placed:
        cells.append("" if channel.deviations is None else f"{channel.deviations:.1f}")
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(channel.site)}</th>{told}</tr>'
