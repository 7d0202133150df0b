"""The maps of the tab “Explanations”, drawn: each returns {component: value}."""

from typing import Any

from seviz.answers import chart_sources
from seviz.figures.explanation import Look, pictures, sweep
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations.layout import Parts
from seviz.ui.explore.explanations.question import Shown
from seviz.ui.parts import html
from seviz.ui.parts.fields import share_of
from seviz.ui.parts.plot import with_source
from seviz.words.explanations import map_headline, value_words

Updates = dict[Any, Any]


def drawn_maps(parts: Parts, shown: Shown, *, at: Any, how: Look) -> Updates:
    """Draw maps that were not shown before, and say what they tell; at: the place of the blend."""
    names = shown.question.names
    return {
        parts.headline: html.headline(map_headline(shown.found, names)),
        parts.scale: explanations_html.scale(shown.found),
        parts.facts: explanations_html.facts(shown.found, names),
        parts.shown: shown,
        **redrawn(parts, shown, at=at, how=how),
    }


def redrawn(parts: Parts, shown: Shown, *, at: Any, how: Look) -> Updates:
    """Draw the pictures of both arms, their difference and their blend."""
    named = value_words(shown.found.method)
    drawn = pictures(shown.found, shown.record.seen, shown.question.titles, value=named, look=how)
    views = {
        parts.first: drawn.first,
        parts.second: drawn.second,
        parts.difference: drawn.difference,
    }
    views = with_source(views, chart_sources.of_maps(shown.record, shown.found))
    return views | swept(parts, shown, at=at, how=how)


def swept(parts: Parts, shown: Shown, *, at: Any, how: Look) -> Updates:
    """Draw the map between the two arms' at a place of the blend, from 0 to 1."""
    found, seen, titles = shown.found, shown.record.seen, shown.question.titles
    named = value_words(found.method)
    blend = sweep(found, seen, titles, value=named, look=how, at=share_of(at, 0.0))
    return with_source({parts.sweep: blend}, chart_sources.of_maps(shown.record, shown.found))
