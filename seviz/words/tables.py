"""Tables of figures as text, which the page and reports set alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from seviz.analysis.movers import Mover
from seviz.analysis.photo_pair import ChannelDifference
from seviz.phrases import minus
from seviz.records.analysis import Effects, Necessity
from seviz.records.attribution import GateShares
from seviz.records.numbers import Floats, strongest
from seviz.records.ranges import STEPS
from seviz.records.sites import NEAR_ONE, NEAR_ZERO, NO_R, Site
from seviz.records.trace import Trace
from seviz.records.trust import MapTrust, Trust
from seviz.reference.diagnosis import STILL, Diagnosis
from seviz.words.numbers import decimals, difference, percent, points
from seviz.words.target import chance_name, score_name, score_noun
from seviz.words.trust import scores

VERDICTS = {
    "": "at work",
    "dead": "dead: they shut almost all channels off",
    "saturated": "saturated: they leave almost all channels as they are",
    "constant": "constant: no channel moves over the reference images",
}
MEASURES = "Areas under the curves, and what else was measured of each map"
TOP = 20  # channels that moved the answer
Places = Mapping[tuple[str, int], float]  # percentiles by block's name and channel


@dataclass(frozen=True)
class Table:
    """Rows of text under heads, the first cell of a row its head.

    opens: the gate, as block and channel or None, that each row is about; marked: the rows that are
    set apart.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    opens: tuple[tuple[str, int | None], ...] = ()
    marked: tuple[bool, ...] = ()

    @property
    def full(self) -> list[bool]:
        """Tell of each column whether any row has a text there; of all where there are no rows."""
        return [any(column) for column in zip(*self.rows, strict=True)] or [True] * len(self.heads)


def effects_table(effects: Effects, places: Places) -> Table:
    """List the gates measured exactly, the largest effect first, with percentiles where known."""
    rows = tuple(
        (
            effect.site,
            str(effect.channel),
            decimals(effect.s, 3),
            difference(effect.exact, 3),
            difference(effect.first_order, 3),
            _percentile(places.get((effect.site, effect.channel))),
        )
        for effect in effects.ranked
    )
    caption = (
        f"What gates add to {score_noun(effects.target)}: the {len(rows)} that first order "
        "finds strongest, measured exactly and sorted by the size of the exact effect"
        f"{'; and the percentile of s among the reference images' if places else ''}."
    )
    heads = ("block", "channel", "gate s", "exact", "first order", "percentile")
    return Table(caption, heads, rows, tuple((e.site, e.channel) for e in effects.ranked))


def necessity_table(found: Necessity) -> Table:
    """List what replacing each block's gates does, alone and with those of all later blocks."""
    score, chance = score_name(found.target), chance_name(found.target)
    rows = tuple(
        (
            site,
            *(
                text
                for row in (0, 1)
                for text in (
                    difference(float(found.logit[row, i]), 3),
                    points(float(found.probability[row, i])),
                    "changes" if found.flipped[row, i] else "stays",
                )
            ),
        )
        for i, site in enumerate(found.sites)
    )
    caption = (
        f"“{found.target.label}” where the gates of a block are replaced, alone or with those of "
        f"all later blocks: the change of the {score}, that of the {chance} in percentage points, "
        "and whether the top answer stays."
    )
    heads = ("block", "alone", "points", "answer", "all later too", "points", "answer")
    return Table(caption, heads, rows)


def diagnoses_table(found: Iterable[tuple[Site, Diagnosis]]) -> Table:
    """List all blocks; those that are dead, saturated or constant are set apart."""
    known = list(found)
    signs = any(site.excitation == "tanh" for site, _ in known)
    shut = f"{'|s|' if signs else 's'} < {NEAR_ZERO}"
    return Table(
        f"r: the reduction; {'; '.join(_explained([diagnosis for _, diagnosis in known]))}.",
        ("block", "its gates are", "r", f"s > {NEAR_ONE}", shut, "entropy", "move", "int8"),
        tuple(_diagnosed(site, diagnosis) for site, diagnosis in known),
        opens=tuple((site.name, None) for site, _ in known),
        marked=tuple(bool(diagnosis.verdict) for _, diagnosis in known),
    )


def movers_table(title: str, found: Sequence[Mover], beside: str) -> Table:
    """List gates with what they are beside: their usual value, or that in another arm."""
    rows = tuple(
        (
            of.site,
            str(of.channel),
            decimals(of.s, 2),
            decimals(of.usual, 2),
            "" if of.deviations is None else minus(f"{of.deviations:+.1f}"),
        )
        for of in found
    )
    heads = ("block", "channel", "s", beside, "deviations")
    return Table(title, heads, rows, tuple((of.site, of.channel) for of in found))


def shares_table(shares: GateShares, record: Trace, reference: Mapping[str, Floats]) -> Table:
    """List the channels with the largest shares; reference: the gates that they start from."""
    listed = strongest(shares.shares, TOP)
    rows = tuple(
        (
            site,
            str(channel),
            difference(float(shares.shares[site][channel]), 3),
            decimals(z, 3) if isfinite(z := float(record.z[site][0][channel])) else "none",
            decimals(record.s[site][0][channel], 3),
            decimals(reference[site][channel], 3),
        )
        for site, channel in listed
    )
    caption = (
        f"The {len(rows)} channels that moved the answer most; some helped it (+), some hurt it "
        f"(−). Shown are their shares of the {score_name(shares.target)}'s difference (with this "
        "photograph's gates minus with the reference gates), what they were squeezed to (z), "
        "their gate (s), and the reference gate."
    )
    return Table(
        caption, ("block", "channel", "share", "z", "s", "reference"), rows, opens=tuple(listed)
    )


def photo_pair_table(
    found: Iterable[ChannelDifference], names: tuple[str, str], *, placed: bool
) -> Table:
    """List the channels that differ most; names: of the two photographs.

    placed: also by their standard deviations over the reference images.
    """
    known, (one, other) = list(found), names
    heads = ("block", "channel", f"{one} s", f"{other} s", f"{other} − {one}", "deviations")
    rows = tuple(
        (
            of.site,
            str(of.channel),
            decimals(of.first, 3),
            decimals(of.second, 3),
            difference(of.second - of.first, 3),
            f"{of.deviations:.1f}" if placed and of.deviations is not None else "",
        )
        for of in known
    )
    return Table(
        f"The {len(known)} channels that differ most, sorted by |Δs|, the largest first",
        heads,
        rows,
        opens=tuple((of.site, of.channel) for of in known),
    )


def trust_table(trust: Trust, names: Mapping[str, str]) -> Table:
    """List what was measured, a column for each map, the controls after the arms.

    names: what the maps are called for people. Measures that no map has are left out.
    """
    columns = [_measured(map_) for map_ in trust.maps]
    rows = ((measure, *(of[measure] for of in columns)) for measure in columns[0])
    heads = ("", *(names.get(map_.name, map_.name) for map_ in trust.maps))
    return Table(MEASURES, heads, tuple(row for row in rows if any(row[1:])))


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


def _diagnosed(site: Site, diagnosis: Diagnosis) -> tuple[str, ...]:
    return (
        site.name,
        VERDICTS[diagnosis.verdict],
        f"{site.reduction:.4g}" if site.reduction else NO_R,
        percent(diagnosis.open),
        percent(diagnosis.shut),
        "" if diagnosis.entropy is None else f"{diagnosis.entropy:.2f}",
        "" if diagnosis.moving is None else f"{diagnosis.moving} of {diagnosis.channels}",
        "" if diagnosis.narrow is None else percent(diagnosis.narrow),
    )


def _explained(known: Sequence[Diagnosis]) -> list[str]:
    """Say what the columns are that have any text."""
    explained = ["the shares of this photograph's gates that are almost open and almost shut"]
    if any(diagnosis.entropy is not None for diagnosis in known):
        explained.append("their mean entropy in bits, where they are from 0 to 1")
    if any(diagnosis.moving is not None for diagnosis in known):
        explained.append(
            "how many channels move: their gate's standard deviation over the reference images is "
            f"above {STILL}"
        )
    if any(diagnosis.narrow is not None for diagnosis in known):
        explained.append(
            f"the share of channels that int8 with one scale leaves fewer than {STEPS} of 256 "
            "steps behind the gate"
        )
    return explained


def _percentile(place: float | None) -> str:
    return "" if place is None else f"{place:.0f}"
