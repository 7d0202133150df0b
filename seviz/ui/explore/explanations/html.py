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
from seviz.records.trust import MapTrust, Trust
from seviz.ui.parts import html, tables
from seviz.words.explanations import (
    colour_words,
    completeness_warning,
    completeness_words,
    map_figures,
)
from seviz.words.numbers import decimals, percent, signed
from seviz.words.tables import shares_table
from seviz.words.target import target_hint
from seviz.words.trust import AHEAD, scores

NO_VALUE = "#c8c8c8"  # where a map says nothing: the photograph's grey
DASHES = {"": "none", "dot": "2 3", "dash": "8 5", "dashdot": "8 3 2 3"}  # in SVG
MEASURES = "Areas under the curves, and what else was measured of each map"
MEASURES_HELP = (
    "The sentences above go by insertion minus deletion: a lead counts from "
    f"{100 * AHEAD:.0f} % of the answer's probability on, and two networks' areas are compared as "
    "shares of theirs."
)
MEASURE_HELPS = {  # of what is not measured of every method's maps
    "infidelity": "Infidelity (captum's): how far the map is from telling what small changes of "
    "the pixels do to the logit; smaller is better.",
    "sensitivity": "Sensitivity (captum's): how much the map itself changes with small changes of "
    "the pixels; smaller is better.",
    "error": "Error, of completeness: how far the map's sum is from the difference of logits that "
    "it should add up to.",
}
LIKENESS_HELP = (
    "How alike each map is to the first, 1 for the same map: Spearman's rank correlation compares "
    "the order of the pixels, SSIM (structural similarity) their local pattern; top 10 % is the "
    "share of the tenth of pixels with the most evidence that both have."
)


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
    columns = [_measured(map_) for map_ in trust.maps]
    rows = [("", (measure, *(of[measure] for of in columns))) for measure in columns[0]]
    heads = ("", *(names.get(map_.name, map_.name) for map_ in trust.maps))
    known = [row for row in rows if any(row[1][1:])]
    helps = [text for name, text in MEASURE_HELPS.items() if any(of[name] for of in columns)]
    help_ = " ".join([MEASURES_HELP, *helps, LIKENESS_HELP])
    return tables.figures(MEASURES, heads, known) + html.hint(help_)


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


def _measured(map_: MapTrust) -> dict[str, str]:
    """Write what was measured of a map, by measure; "" for what was not."""
    leads = {f"insertion − deletion, {base}": of for base, of in scores(map_).items()}
    areas = {f"{curve.task}, {curve.baseline}": curve.area for curve in map_.curves}
    like = map_.likeness
    return {
        **{name: decimals(value, 3) for name, value in (leads | areas).items()},
        "infidelity": _number(map_.infidelity),
        "sensitivity": _number(map_.sensitivity),
        "error": "" if map_.completeness is None else percent(map_.completeness),
        "Spearman": _number(like.spearman),
        "SSIM": _number(like.ssim),
        "top 10 %": percent(like.overlap),
    }


def _number(value: float | None) -> str:
    return "" if value is None else decimals(value, 2)


def channels(shares: GateShares, record: Trace, reference: Mapping[str, Floats]) -> Markup:
    """List the channels with the largest shares, as buttons that open them."""
    return tables.of_gates(shares_table(shares, record, reference))
