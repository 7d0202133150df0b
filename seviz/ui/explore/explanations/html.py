"""The pieces of HTML of the tab “Explanations”."""

from collections.abc import Mapping
from math import isfinite

from markupsafe import Markup

from seviz.attribution.methods import METHODS
from seviz.phrases import minus
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import Floats, strongest
from seviz.records.trace import Trace
from seviz.records.trust import Curve, MapTrust, Trust
from seviz.ui.parts import html, tables
from seviz.words.explanations import completeness_warning, completeness_words
from seviz.words.numbers import decimals, percent

TOP = 20  # channels that carried the answer
MEASURES = (
    *("map", "deletion, blur", "deletion, mean", "insertion, blur", "insertion, mean"),
    *("infidelity", "sensitivity", "error", "Spearman", "SSIM", "top 10 %"),
)


def method_hint(method: str, refused: Mapping[str, str]) -> Markup:
    """Say what a method measures, and which methods do not suit this network, and why."""
    left_out = "; ".join(f"{METHODS[name].title} ({why})" for name, why in refused.items())
    more = f" Not right for this network, so not offered: {left_out}." if left_out else ""
    return html.hint(METHODS[method].summary + more)


def stale_hint(found: Attribution) -> Markup:
    """Say which method the pictures still show, before a slow method is started."""
    return html.hint(
        f"The pictures below are still those of {METHODS[found.method].title} for "
        f"“{found.target.label}”."
    )


def facts(found: Attribution, names: tuple[str, str]) -> Markup:
    """Say which map this is and what it adds up to, with its warnings."""
    at = f" at the end of {found.layer}" if found.layer else ""
    title = f"{METHODS[found.method].title}{at}, for “{found.target.label}”."
    return (
        html.facts(f"{title} {completeness_words(found, names)}")
        + html.notice(completeness_warning(found, names))
        + html.notice(found.note)
    )


def measures(trust: Trust, names: Mapping[str, str]) -> Markup:
    """List what was measured of each map, the controls after the arms."""
    rows = [("", _measured(map_, names)) for map_ in trust.maps]
    caption = (
        "Areas under the curves above: deletion should be small, insertion large. Infidelity and "
        "sensitivity (captum's): smaller is better. Error: of completeness, where the method "
        "claims it. Then how alike each map is to the first: rank correlation, structural "
        "similarity, and what share of the tenth of pixels with the most evidence both have."
    )
    return tables.figures(caption, MEASURES, rows)


def _measured(map_: MapTrust, names: Mapping[str, str]) -> tuple[str, ...]:
    areas = {(curve.task, curve.baseline): _area(curve) for curve in map_.curves}
    like = map_.likeness
    return (
        names.get(map_.name, map_.name),
        *(areas.get((task, b), "") for task in ("deletion", "insertion") for b in ("blur", "mean")),
        *(_number(value) for value in (map_.infidelity, map_.sensitivity)),
        "" if map_.completeness is None else percent(map_.completeness),
        *(_number(value) for value in (like.spearman, like.ssim)),
        percent(like.overlap),
    )


def _area(curve: Curve) -> str:
    return f"{curve.area:.3f}"


def _number(value: float | None) -> str:
    return "" if value is None else decimals(round(value, 2) + 0.0, 2)


def channels(shares: GateShares, record: Trace, reference: Mapping[str, Floats]) -> Markup:
    """List the channels with the largest shares, as buttons that open them."""
    listed = strongest(shares.shares, TOP)
    rows = [
        (
            site,
            str(channel),
            minus(f"{shares.shares[site][channel]:+.3f}"),
            decimals(z, 3) if isfinite(z := float(record.z[site][0][channel])) else "none",
            decimals(record.s[site][0][channel], 3),
            decimals(reference[site][channel], 3),
        )
        for site, channel in listed
    ]
    caption = (
        f"The {len(rows)} channels that carried the answer: their shares of the logit's "
        "difference, what they were squeezed to (z), their gate (s), and the reference gate."
    )
    return tables.figures(
        caption,
        ("block", "channel", "share", "z", "s", "reference"),
        [("", row) for row in rows],
        opens=listed,
    )
