"""The pieces of HTML of the tab “What matters”."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from seviz.records.analysis import Effects
from seviz.records.ranges import STEPS
from seviz.records.sites import NEAR_ONE, NEAR_ZERO, NO_R, Site
from seviz.reference.diagnosis import STILL, Diagnosis
from seviz.ui.parts import tables
from seviz.words.numbers import decimals, difference, percent
from seviz.words.target import score_noun

VERDICTS = {
    "": "at work",
    "dead": "dead: they shut almost all channels off",
    "saturated": "saturated: they leave almost all channels as they are",
    "constant": "constant: no channel moves over the reference images",
}
Places = Mapping[tuple[str, int], float]  # percentiles by block's name and channel


def top_channels(effects: Effects, places: Places) -> Markup:
    """List the gates measured exactly, the largest effect first, with percentiles where known."""
    rows = [
        (
            effect.site,
            str(effect.channel),
            decimals(effect.s, 3),
            difference(effect.exact, 3),
            difference(effect.first_order, 3),
            _percentile(places.get((effect.site, effect.channel))),
        )
        for effect in effects.ranked
    ]
    heads = ("block", "channel", "gate s", "exact", "first order", "percentile")
    caption = (
        f"What gates add to {score_noun(effects.target)}: the {len(rows)} that first order "
        "finds strongest, measured exactly and sorted by the size of the exact effect"
        f"{'; and the percentile of s among the reference images' if places else ''}."
    )
    opens = [(effect.site, effect.channel) for effect in effects.ranked]
    return tables.figures(caption, heads, [("", row) for row in rows], opens=opens)


def diagnoses(found: Iterable[tuple[Site, Diagnosis]]) -> Markup:
    """List all blocks; those that are dead, saturated or constant are set apart."""
    known = list(found)
    signs = any(site.excitation == "tanh" for site, _ in known)
    rows = [
        (
            "idle" if diagnosis.verdict else "",
            (
                site.name,
                VERDICTS[diagnosis.verdict],
                f"{site.reduction:.4g}" if site.reduction else NO_R,
                percent(diagnosis.open),
                percent(diagnosis.shut),
                "" if diagnosis.entropy is None else f"{diagnosis.entropy:.2f}",
                "" if diagnosis.moving is None else f"{diagnosis.moving} of {diagnosis.channels}",
                "" if diagnosis.narrow is None else percent(diagnosis.narrow),
            ),
        )
        for site, diagnosis in known
    ]
    heads = (
        *("block", "its gates are", "r"),
        *(
            f"s > {NEAR_ONE}",
            f"{'|s|' if signs else 's'} < {NEAR_ZERO}",
            "entropy",
            "move",
            "int8",
        ),
    )
    explained = ["the shares of this photograph's gates that are almost open and almost shut"]
    if any(diagnosis.entropy is not None for _, diagnosis in known):
        explained.append("their mean entropy in bits, where they are from 0 to 1")
    if any(diagnosis.moving is not None for _, diagnosis in known):
        explained.append(
            "how many channels move: their gate's standard deviation over the reference images is "
            f"above {STILL}"
        )
    if any(diagnosis.narrow is not None for _, diagnosis in known):
        explained.append(
            f"the share of channels that int8 with one scale leaves fewer than {STEPS} of 256 "
            "steps behind the gate"
        )
    caption = f"r: the reduction; {'; '.join(explained)}."
    opens = [(site.name, None) for site, _ in known]
    return tables.figures(caption, heads, rows, kind="said", opens=opens)


def _percentile(place: float | None) -> str:
    return "" if place is None else f"{place:.0f}"
