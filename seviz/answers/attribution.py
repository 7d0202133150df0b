"""An answer explained by attributions and by its gates: a typed report, ready for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from seviz.attribution.maps import attribute
from seviz.attribution.methods import GRADCAM, METHODS
from seviz.attribution.shares import gate_shares
from seviz.errors import UserError
from seviz.faithfulness.trust import trust
from seviz.gates.grammar import arm_text, parse_arms
from seviz.passes.dispatch import ask, fetch
from seviz.passes.forward import trace
from seviz.photos.crop import Box, crop_box
from seviz.records.arms import TWIN, Arm
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import strongest
from seviz.records.trace import Answer, Trace
from seviz.records.trust import MapTrust, Trust
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.watch import Watch
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class
from seviz.zoo.models import LoadedModel

TOP = 20  # channels that carried the answer


@dataclass(frozen=True)
class ArmMap:
    """One arm's map: what it adds up to, what it should, and the error as a share of that.

    None where the method does not claim that they are equal.
    """

    arm: str
    edits: str
    total: float | None
    score: float | None
    error: float | None


@dataclass(frozen=True)
class MethodReport:
    """A method's maps of all arms; trust: how far they and the controls' can be trusted."""

    method: str
    title: str
    layer: str
    steps: int
    note: str
    arms: list[ArmMap]
    trust: list[MapTrust]


@dataclass(frozen=True)
class ChannelShare:
    """What one gate adds to the difference of the first two arms' logits; its s in either."""

    site: str
    channel: int
    share: float
    s: float
    other: float


@dataclass(frozen=True)
class BlockShare:
    """What a block's gates add together."""

    site: str
    share: float


@dataclass(frozen=True)
class GateSharesReport:
    """The difference of the first two arms' logits, shared out over all gates.

    The shares add up to total, which should be difference; error: the rest as a share of that.
    """

    first: str
    second: str
    difference: float
    total: float
    error: float
    steps: int
    note: str
    blocks: list[BlockShare]
    top: list[ChannelShare]


@dataclass(frozen=True)
class AttributionReport:
    """An answer explained: the class, what each method found, and the gates' shares.

    crop_box: the part of the photograph that the network saw, (left, top, right, bottom) in its
    pixels; None where that is not known. gates is None where one arm was asked.
    """

    model: str
    target: Answer
    crop_box: Box | None
    methods: list[MethodReport]
    gates: GateSharesReport | None


@dataclass(frozen=True)
class Explanation:
    """A report with the records that it was made from, which hold the arrays."""

    report: AttributionReport
    trace: Trace
    attributions: list[Attribution]
    gates: GateShares | None


def attribution_report(
    key: str,
    photo: Image.Image,
    *,
    methods: Sequence[str] = (GRADCAM,),
    arms: Sequence[str] = (),
    target: str = "",
    layer: str = "",
    steps: int | None = None,
    measures: bool = True,
    profile: Profile | None = None,
    watch: Watch | None = None,
) -> Explanation:
    """Explain an RGB photograph's answer in all arms by some methods; UserError for bad input.

    arms: as text, by default intact and static, or identity where there are no reference statistics
    (profile, or those that travel with the network). target: a class by name or number, “other” for
    the second arm's answer, and by default the first arm's. measures: also measure how far the maps
    can be trusted. Other arguments as of `attribute`.
    """
    key = fetch(key)
    asked = _explainable(key, arms, profile)
    known = _known(methods)
    recorded = recorded_for(key, asked, profile)
    record = ask(trace, key, photo, asked, recorded=recorded)
    followed = _followed(key, record, target)
    how: dict[str, Any] = {"target": followed, "layer": layer, "steps": steps, "watch": watch}
    found = [
        ask(attribute, key, record.image, asked, method=method, recorded=recorded, **how)
        for method in known
    ]
    measured = [
        ask(trust, key, record.image, maps, recorded=recorded, watch=watch) if measures else None
        for maps in found
    ]
    gates = shares_between(record, followed, watch) if len(asked) > 1 else None
    report = AttributionReport(
        model=key,
        target=record.answer(0, followed),
        crop_box=ask(_seen, key, photo.size),
        methods=[_method_report(maps, of) for maps, of in zip(found, measured, strict=True)],
        gates=None if gates is None else _gate_shares_report(record, gates),
    )
    return Explanation(report, record, found, gates)


def _explainable(key: str, arms: Sequence[str], profile: Profile | None) -> list[Arm]:
    """Read the arms, by default intact and without gates; UserError for the twin among them."""
    asked = parse_arms(arms or ("intact", "static" if profile or reference(key) else "identity"))
    if any(arm.edits == TWIN.edits for arm in asked):
        raise UserError(
            "twin is another network; leave it out. Attributions compare arms of one network."
        )
    return asked


def _known(methods: Sequence[str]) -> list[str]:
    """List the methods, each once; UserError for one that there is not."""
    if unknown := [name for name in methods if name not in METHODS]:
        known = ", ".join(METHODS)
        raise UserError(f"There is no method “{unknown[0]}”; choose from {known}.")
    return list(dict.fromkeys(methods))


def shares_between(record: Trace, target: int, watch: Watch | None = None) -> GateShares:
    """Share the difference of a trace's first two arms out over all gates, as they were applied."""
    own, other = ({name: s[arm] for name, s in record.s.items()} for arm in (0, 1))
    name = record.arms[1].name
    return ask(
        gate_shares,
        record.model,
        record.image,
        s=own,
        reference=other,
        name=name,
        target=target,
        watch=watch,
    )


def top_shares(record: Trace, gates: GateShares, count: int = TOP) -> list[ChannelShare]:
    """List the channels with the largest shares of either sign, largest first."""
    found = []
    for site, channel in strongest(gates.shares, count):
        s, other = (float(record.s[site][arm, channel]) for arm in (0, 1))
        share = float(gates.shares[site][channel])
        found.append(ChannelShare(site, channel, share, s, other))
    return found


def _followed(key: str, record: Trace, target: str) -> int:
    if target == "other":
        return record.top(min(1, len(record.arms) - 1), 1)[0].index
    return find_class(find(key).labels, target) if target else record.top(0, 1)[0].index


def _seen(loaded: LoadedModel, size: tuple[int, int]) -> Box | None:
    return crop_box(loaded.transform, size)


def _method_report(found: Attribution, measured: Trust | None) -> MethodReport:
    method = METHODS[found.method]

    def of(values: np.ndarray | None, arm: int) -> float | None:
        return None if values is None else float(values[arm])

    return MethodReport(
        method=method.name,
        title=method.title,
        layer=found.layer,
        steps=found.steps,
        note=found.note,
        arms=[
            ArmMap(
                arm.name,
                arm_text(arm.edits),
                of(found.totals, i),
                of(found.scores, i),
                of(found.errors, i),
            )
            for i, arm in enumerate(found.arms)
        ],
        trust=list(measured.maps) if measured else [],
    )


def _gate_shares_report(record: Trace, gates: GateShares) -> GateSharesReport:
    return GateSharesReport(
        first=record.arms[0].name,
        second=record.arms[1].name,
        difference=gates.difference,
        total=gates.total,
        error=gates.error,
        steps=gates.steps,
        note=gates.note,
        blocks=[BlockShare(name, float(of.sum())) for name, of in gates.shares.items()],
        top=top_shares(record, gates),
    )
