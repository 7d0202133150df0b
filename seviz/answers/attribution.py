"""Explains an answer by attributions and by its gates: a typed report, ready for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from seviz.answers.checks import attribution_arms, check_methods
from seviz.answers.explain import explain, gated_rows
from seviz.attribution.methods import GRADCAM, METHODS
from seviz.gates.grammar import arm_text
from seviz.passes.dispatch import ask, fetch
from seviz.photos.crop import Box
from seviz.records.attribution import Attribution, GateShares
from seviz.records.numbers import strongest
from seviz.records.trace import Answer, Trace
from seviz.records.trust import MapTrust, Trust
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.watch import Watch

TOP = 20  # how many channels with the largest shares are listed


@dataclass(frozen=True)
class ArmMap:
    """One arm's map: its total, the score that it should equal, and the error as a share of that.

    They are None for methods whose maps need not add up.
    """

    arm: str
    edits: str
    total: float | None
    score: float | None
    error: float | None


@dataclass(frozen=True)
class MethodReport:
    """A method's maps of all arms; trust: measures of these maps and of the controls."""

    method: str
    title: str
    layer: str
    steps: int
    note: str
    arms: list[ArmMap]
    trust: list[MapTrust]


@dataclass(frozen=True)
class ChannelShare:
    """A gate's share of the difference of two arms' logits, and its s in each of them."""

    site: str
    channel: int
    share: float
    s: float
    other: float


@dataclass(frozen=True)
class BlockShare:
    """The sum of the shares of a block's gates."""

    site: str
    share: float


@dataclass(frozen=True)
class GateSharesReport:
    """The difference of the logits of the first two arms with gates, shared out over all gates.

    The shares add up to total, which should equal difference; error: what is missing, as a share
    of difference.
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
    """An explanation of an answer: the class, each method's maps, and the gates' shares.

    crop_box: the part of the photograph that the network saw, (left, top, right, bottom) in its
    pixels; None where that is not known. gates is None where fewer than two arms have gates.
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
    (profile, or those that travel with the network); the twin can be one of them. target: a class
    by name or number, “other” for the second arm's answer, and by default the first arm's.
    measures: also measure how far the maps can be trusted. Other arguments as of `attribute`.
    """
    parsed_arms = attribution_arms(key, arms, profile)
    names = check_methods(methods)
    key = fetch(key, parsed_arms)
    recorded = recorded_for(key, parsed_arms, profile)
    found = ask(
        explain,
        key,
        photo,
        parsed_arms,
        methods=names,
        target=target,
        options={"layer": layer, "steps": steps, "watch": watch},
        measures=measures,
        recorded=recorded,
    )
    report = AttributionReport(
        model=key,
        target=found.trace.answer(0, found.target),
        crop_box=found.crop_box,
        methods=[_method_report(*both) for both in zip(found.maps, found.trusts, strict=True)],
        gates=None if found.gates is None else _gate_shares_report(found.trace, found.gates),
    )
    return Explanation(report, found.trace, found.maps, found.gates)


def top_shares(record: Trace, gates: GateShares, count: int = TOP) -> list[ChannelShare]:
    """List the channels with the largest shares of either sign, largest first."""
    channels = []
    for site, channel in strongest(gates.shares, count):
        s, other = (float(record.s[site][arm, channel]) for arm in gated_rows(record))
        share = float(gates.shares[site][channel])
        channels.append(ChannelShare(site, channel, share, s, other))
    return channels


def _method_report(attribution: Attribution, trusted: Trust | None) -> MethodReport:
    method = METHODS[attribution.method]

    def of(values: np.ndarray | None, arm: int) -> float | None:
        return None if values is None else float(values[arm])

    return MethodReport(
        method=method.name,
        title=method.title,
        layer=attribution.layer,
        steps=attribution.steps,
        note=attribution.note,
        arms=[
            ArmMap(
                arm.name,
                arm_text(arm.edits),
                of(attribution.totals, i),
                of(attribution.scores, i),
                of(attribution.errors, i),
            )
            for i, arm in enumerate(attribution.arms)
        ],
        trust=list(trusted.maps) if trusted else [],
    )


def _gate_shares_report(record: Trace, gates: GateShares) -> GateSharesReport:
    first, second = gated_rows(record)
    return GateSharesReport(
        first=record.arms[first].name,
        second=record.arms[second].name,
        difference=gates.difference,
        total=gates.total,
        error=gates.error,
        steps=gates.steps,
        note=gates.note,
        blocks=[BlockShare(name, float(of.sum())) for name, of in gates.shares.items()],
        top=top_shares(record, gates),
    )
