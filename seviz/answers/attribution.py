"""Explains an answer by attributions and by its gates: a typed report, ready for JSON."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image

from seviz.answers.checks import attribution_arms, attribution_rows, check_methods
from seviz.answers.gate_shares import (
    GateSharesReport,
    gate_shares_report,
    gated,
    shares_between,
)
from seviz.attribution import maps
from seviz.attribution.methods import GRADCAM, METHODS
from seviz.attribution.shares import PASS_ROWS as SHARES_ROWS
from seviz.faithfulness import trust as measures
from seviz.faithfulness.likeness import likeness
from seviz.gates.grammar import arm_text
from seviz.passes.dispatch import ask, fetch
from seviz.passes.estimate import PassRows
from seviz.passes.forward import trace
from seviz.photos.crop import Box, crop_box
from seviz.records.arms import Recorded
from seviz.records.attribution import Attribution, GateShares
from seviz.records.trace import Answer, Trace
from seviz.records.trust import Likeness, MapTrust, Trust
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.watch import Progress, Watch
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class
from seviz.zoo.models import LoadedModel


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
    """An explanation of an answer: the class, each method's maps, and the gates' shares.

    crop_box: the part of the photograph that the network saw, (left, top, right, bottom) in its
    pixels; None where that is not known. gates is None where the shares were not asked for, or
    fewer than two arms have gates.
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
    trust: bool = False,
    shares: bool = False,
    profile: Profile | None = None,
    watch: Watch | None = None,
) -> Explanation:
    """Explain an RGB photograph's answer in all arms by some methods; UserError for bad input.

    arms: as text, by default intact and static, or identity where there are no reference statistics
    (profile, or those that travel with the network); the twin can be one of them. target: a class
    by name or number, “other” for the second arm's answer, and by default the first arm's.
    trust: also measure how far the maps can be trusted; shares: also share the difference of the
    first two arms with gates out over the gates. Other arguments as of `attribute`.
    """
    parsed_arms = attribution_arms(key, arms, profile)
    names = check_methods(methods)
    key = fetch(key, parsed_arms)
    recorded = recorded_for(key, parsed_arms, profile)
    record = ask(trace, key, photo, parsed_arms, recorded=recorded)
    followed = _find_target(key, record, target)
    expected = attribution_rows(names, len(parsed_arms), steps=steps, trust=trust, shares=shares)
    work = _Work(record, recorded, followed, Progress(watch, expected.count))
    attributions = [work.maps(name, layer=layer, steps=steps) for name in names]
    trusts = [work.trust(of) if trust else None for of in attributions]
    gates = work.shares() if shares and len(gated(record)) > 1 else None
    report = AttributionReport(
        model=key,
        target=record.answer(0, followed),
        crop_box=ask(_find_crop, key, photo.size),
        methods=[_method_report(*of) for of in zip(attributions, trusts, strict=True)],
        gates=None if gates is None else gate_shares_report(record, gates),
    )
    return Explanation(report, record, attributions, gates)


@dataclass(frozen=True)
class _Work:
    """What is asked about a trace's image and a class, with the progress of it all."""

    record: Trace
    recorded: Recorded
    target: int
    progress: Progress

    def maps(self, method: str, *, layer: str, steps: int | None) -> Attribution:
        arms = self.record.arms
        with self._passing(maps.pass_rows(method, len(arms), steps or 0)) as watch:
            return ask(
                maps.attribute,
                self.record.model,
                self.record.image,
                arms,
                method=method,
                target=self.target,
                layer=layer,
                steps=steps,
                recorded=self.recorded,
                watch=watch,
            )

    def trust(self, of: Attribution) -> Trust:
        with self._passing(measures.pass_rows(of.method, len(of.arms), of.steps)) as watch:
            image, recorded = self.record.image, self.recorded
            return ask(measures.trust, self.record.model, image, of, recorded=recorded, watch=watch)

    def shares(self) -> GateShares:
        with self._passing(SHARES_ROWS) as watch:
            return shares_between(self.record, self.target, watch)

    @contextmanager
    def _passing(self, rows: PassRows) -> Iterator[Watch | None]:
        """Give a watch for so many rows, and count them."""
        yield self.progress.part(rows.count)
        self.progress.add(rows.count)


def _find_target(key: str, record: Trace, target: str) -> int:
    if target == "other":
        return record.top(min(1, len(record.arms) - 1), 1)[0].index
    if not target:
        return record.top(0, 1)[0].index
    source = find(key)
    return find_class(source.labels, target, source.folders)


def _find_crop(loaded: LoadedModel, size: tuple[int, int]) -> Box | None:
    return crop_box(loaded.transform, size)


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
                likeness(attribution.pixels[0], attribution.pixels[i]),
            )
            for i, arm in enumerate(attribution.arms)
        ],
        trust=list(trusted.maps) if trusted else [],
    )
