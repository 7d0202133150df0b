"""The pieces of HTML of the view “Side by side”."""

from dataclasses import replace

import numpy as np
from markupsafe import Markup

from seviz.figures.overlay import data_uri
from seviz.nets.results import VariantFigures
from seviz.nets.variants import VARIANTS
from seviz.photos.examples import judge
from seviz.records.trace import Trace
from seviz.ui.parts import html, tables
from seviz.words import side_by_side
from seviz.words.answers import tops_caption, union_of_tops
from seviz.zoo.catalogue import find

WAITING = html.headline("Asking both variants …", waiting=True)


def answers(a: Trace, b: Trace, k: int, *, shows: str | None = None) -> Markup:
    """Return a headline, warnings of guesses, a table of answers, and how often they are right.

    The table lists the union of both variants' top k classes. shows: what an example shows.
    """
    judged = (judge(shows, find(t.model).folders, t.top(0, 1)[0].index) for t in (a, b))
    # One trace with A and B as its two arms, which is what union_of_tops lists.
    both = replace(a, logits=np.stack([a.logits[0], b.logits[0]]))
    caption = tops_caption(f"A is {_title(a)}, B is {_title(b)}", k)
    return (
        html.headline(side_by_side.headline(a, b))
        + html.facts(side_by_side.example_words(*judged))
        + html.join(html.notice(warning) for warning in side_by_side.guess_warnings(a, b))
        + html.table(caption, ("A", "B"), union_of_tops(both, k))
        + html.facts(side_by_side.confidence_words(a, b))
        + _folded(side_by_side.classes_words(a), html.classes(a.labels))
    )


def crop(trace: Trace, name: str) -> Markup:
    """Return a figure of the crop that both networks received; name: what the caption calls it."""
    height, width = trace.seen.shape[:2]
    caption = f"{name[:1].upper()}{name[1:]}, as both networks see it: {width}×{height} pixels."
    return Markup(
        '<figure class="seen"><img src="{}" alt="{}, as both networks see it">'
        "<figcaption>{}</figcaption></figure>"
    ).format(data_uri(trace.seen), name, caption)


def variants(a: VariantFigures, b: VariantFigures) -> Markup:
    """Return how two variants differ, a table of accuracies and costs, and which is better."""
    first, second = VARIANTS[a.key], VARIANTS[b.key]
    rows = [
        *side_by_side.differences(first, second),
        (
            f"top-1 in the study, mean ± spread of {len(a.top1)} seeds",
            *(side_by_side.accuracy(found) for found in (a, b)),
        ),
        ("parameters", *(f"{found.parameters:,}" for found in (a, b))),
        ("multiply-adds", *(f"{found.macs / 1e6:.1f} M" for found in (a, b))),
    ]
    heads = ("property", f"A: {first.title}", f"B: {second.title}")
    table = tables.figures(
        "What sets them apart, and what they cost", heads, [("", row) for row in rows]
    )
    differ, verdict = side_by_side.difference_words(first, second), side_by_side.verdict(a, b)
    return (
        html.facts(differ)
        + html.facts(verdict)
        + _folded("What is each of them, and what does it cost?", table)
    )


def heading(name: str, trace: Trace) -> Markup:
    """Return the heading of one variant's figure; name: A or B."""
    return Markup("<h3>{}: {}</h3>").format(name, _title(trace))


def _folded(title: str, contents: Markup) -> Markup:
    """Fold contents away under a title."""
    return Markup('<details class="all-answers"><summary>{}</summary>{}</details>').format(
        title, contents
    )


def _title(trace: Trace) -> str:
    return VARIANTS[trace.model].title
