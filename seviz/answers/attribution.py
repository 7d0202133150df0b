"""Explains an answer by attributions and by its gates: a typed report, ready for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from seviz.answers.checks import attribution_arms, check_methods
from seviz.answers.gate_shares import GateSharesReport, gate_shares_report
from seviz.attribution.methods import GRADCAM, METHODS
from seviz.attribution.steps import check_steps
from seviz.faithfulness.likeness import likeness
from seviz.gates.grammar import arm_text
from seviz.passes.dispatch import ask, fetch
from seviz.photos.crop import Box
from seviz.records.attribution import Attribution, GateShares
from seviz.records.target import Followed
from seviz.records.trace import Trace
from seviz.records.trust import Likeness, MapTrust, Trust
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.watch import Watch


@dataclass(frozen=True)
class ArmMap:
    """One arm's map: its total, the score that it should equal, and the error as a share of that.

    They are None for methods whose maps need not add up. likeness: to the first arm's map.
    """

    arm: str
    edits: str
    total: float | None
    score: float | None
    error: float | None
    likeness: Likeness


@dataclass(frozen=True)
class MethodReport:
    """A method's maps of all arms; trust: measures of these and of the controls, if asked for."""

    method: str
    title: str
    layer: str
    steps: int
    note: str
    arms: list[ArmMap]
    trust: list[MapTrust]


@dataclass(frozen=True)
class AttributionReport:
    """An explanation of an answer: what was followed, each method's maps, and the gates' shares.

    crop_box: the part of the photograph that the network saw, (left, top, right, bottom) in its
    pixels; None where that is not known. gates is None where the shares were not asked for, or
    fewer than two arms have gates.
    """

    model: str
    target: Followed
    crop_box: Box | None
    methods: list[MethodReport]
    gates: GateSharesReport | None


@dataclass(frozen=True)
class Explanation:
    """A report with the records that it was made from, which hold the arrays.

    trusts: of each of the attributions, None where it was not measured.
    """

    report: AttributionReport
    trace: Trace
    attributions: list[Attribution]
    trusts: list[Trust | None]
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
    trust: bool = False,
    shares: bool = False,
    profile: Profile | None = None,
    watch: Watch | None = None,
) -> Explanation:
    """Explain an RGB photograph's answer in all arms by some methods; UserError for bad input.

    arms: as text, by default intact and static, or identity where there are no reference statistics
    (profile, or those that travel with the network); the twin can be one of them. target: a class
    by name or number, two of them for the difference of their logits (“A vs B”), a gate such as
    SE_4_6[17], “other” for the second arm's answer, and by default the first arm's.
    trust: also measure how far the maps can be trusted; shares: also share the difference of the
    first two arms with gates out over the gates. Other arguments as of `attribute`.
    """
    from seviz.answers.explain import ExplainOptions, explain

    check_steps(steps)
    parsed_arms = attribution_arms(key, arms, profile)
    asked = ExplainOptions(
        check_methods(methods),
        target=target,
        layer=layer,
        steps=steps,
        trust=trust,
        shares=shares,
    )
    key = fetch(key, parsed_arms)
    recorded = recorded_for(key, parsed_arms, profile)
    found = ask(explain, key, photo, parsed_arms, asked=asked, recorded=recorded, watch=watch)
    gates = found.gates
    report = AttributionReport(
        model=key,
        target=found.maps[0].target,
        crop_box=found.crop_box,
        methods=[method_report(*of) for of in zip(found.maps, found.trusts, strict=True)],
        gates=None if gates is None else gate_shares_report(found.trace, gates),
    )
    return Explanation(report, found.trace, found.maps, found.trusts, gates)


def method_report(attribution: Attribution, trusted: Trust | None) -> MethodReport:
    """Report on a method's maps, and on how far they can be trusted where that was measured."""
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
                likeness(attribution.pixels[0], attribution.pixels[i]),
            )
            for i, arm in enumerate(attribution.arms)
        ],
        trust=list(trusted.maps) if trusted else [],
    )
