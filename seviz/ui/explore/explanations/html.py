"""The pieces of HTML of the tab “Explanations”."""

from collections.abc import Mapping

from markupsafe import Markup

from seviz.analysis.evidence import scale_limit
from seviz.attribution.methods import METHODS
from seviz.figures import style
from seviz.figures.trust import look_of
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.ui.parts import html, tables
from seviz.words.explanations import (
    colour_words,
    completeness_warning,
    completeness_words,
    map_figures,
)
from seviz.words.numbers import signed
from seviz.words.tables import shares_table, trust_table
from seviz.words.target import target_hint
from seviz.words.trust import measures_words

NO_VALUE = "#c8c8c8"  # where a map says nothing: the photograph's grey
DASHES = {"": "none", "dot": "2 3", "dash": "8 5", "dashdot": "8 3 2 3"}  # in SVG


def method_hint(method: str, refused: Mapping[str, str]) -> Markup:
    """Say what a method measures, and which methods do not suit this network, and why."""
    left_out = "; ".join(f"{METHODS[name].title} ({why})" for name, why in refused.items())
    more = f" Not right for this network, so not offered: {left_out}." if left_out else ""
    return html.hint(METHODS[method].summary + more)


def stale_hint(found: Attribution) -> Markup:
    """Say which method the pictures still show, before a slow method is started."""
    return html.hint(
        f"The pictures are those of {METHODS[found.method].title} for “{found.target.label}” "
        "until then."
    )


def scale(found: Attribution) -> Markup:
    """Show the colours' scale, and say what the colours mean."""
    end = signed(scale_limit(found.pixels[:2]))
    bar = f"background: linear-gradient(90deg, {style.AGAINST}, {NO_VALUE}, {style.FOR})"
    return Markup(
        '<p class="map-scale"><span>−{end}</span><i style="{bar}"></i><span>{end}</span></p>'
    ).format(end=end, bar=bar) + html.hint(colour_words(found))


def facts(found: Attribution, names: tuple[str, str]) -> Markup:
    """Say which map this is and what it adds up to, with its warnings."""
    at = f" at the end of {found.layer}" if found.layer else ""
    title = f"{METHODS[found.method].title}{at}, for “{found.target.label}”."
    return (
        html.facts(map_figures(found, names))
        + html.facts(f"{title} {completeness_words(found, names)}")
        + html.notice(completeness_warning(found, names))
        + html.notice(found.note)
        + (html.hint(hint) if (hint := target_hint(found.target)) else "")
    )


def measures(trust: Trust, names: Mapping[str, str]) -> Markup:
    """List what was measured, a column for each map, the controls after the arms."""
    return tables.of_gates(trust_table(trust, names)) + html.hint(measures_words(trust))


def keys(trust: Trust, names: Mapping[str, str]) -> Markup:
    """Show which line of the charts is whose."""
    lines = [(names.get(map_.name, map_.name), look_of(map_)) for map_ in trust.maps]
    key = Markup(
        '<span><svg width="32" height="8" aria-hidden="true"><line x2="32" y1="4" y2="4" '
        'stroke="{}" stroke-width="{}" stroke-dasharray="{}"/></svg> {}</span>'
    )
    return Markup('<p class="line-keys">{}</p>').format(
        html.join(
            key.format(look["color"], look["width"], DASHES[look.get("dash", "")], name)
            for name, look in lines
        )
    )


def channels(shares: GateShares, record: Trace, reference: Mapping[str, Floats]) -> Markup:
    """List the channels with the largest shares, as buttons that open them."""
    return tables.of_gates(shares_table(shares, record, reference))
