"""Keeps a report small enough to be sent: the largest charts are left out, and named."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from seviz.drawing.report import Section
from seviz.figures.standalone import chart_label, packed_figures

MOST = 3_000_000  # bytes of a page
LEFT_OUT = (
    "The chart “{label}” is left out here, as the page would be larger than {most:g} MB; the zip "
    "has its numbers."
)


def fit(
    sections: Sequence[Section], page_of: Callable[[Sequence[Section]], str], *, most: int = MOST
) -> str:
    """Return a page of sections; its largest charts are left out where it would be too large."""
    while True:
        page = page_of(sections)
        charts = list(chain.from_iterable(section.charts for section in sections))
        if not charts or len(page.encode()) <= most:
            return page
        largest = max((figure for figure, _ in charts), key=lambda f: len(packed_figures([f])))
        sections = [_without(section, largest, most) for section in sections]


def _without(section: Section, chart: Any, most: int) -> Section:
    kept = tuple(each for each in section.charts if each[0] is not chart)
    if len(kept) == len(section.charts):
        return section
    hint = LEFT_OUT.format(label=chart_label(chart), most=most / 1e6)
    return replace(section, charts=kept, hints=(*section.hints, hint))
