"""What a change of a photograph does to gates and answers: a typed report, ready for JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.analysis.drift import arms_with_gates, drift_pair
from seviz.analysis.photo_pair import CHANNELS, BlockDistance, ChannelDifference
from seviz.answers.checks import check_time
from seviz.passes.dispatch import ask, fetch
from seviz.passes.estimate import PassRows
from seviz.photos.changes import (
    ATTACKED,
    Change,
    check_region,
    check_seed,
    check_strength,
    find_change,
)
from seviz.records.arms import INTACT, Arm
from seviz.records.drift import Changing, Drift, Passed
from seviz.records.target import ClassTarget, class_of
from seviz.records.trace import Answer
from seviz.reference.arm_choice import default_arms
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.words.changes import change_headline, holding_words, lesson_words
from seviz.zoo.catalogue import find
from seviz.zoo.targets import class_target


@dataclass(frozen=True)
class ArmDrift:
    """How far an arm's gates are from its gates for the unchanged photograph, in depth order.

    The gates are those that the arm's own pass computed, before its edit.
    """

    arm: str
    blocks: list[BlockDistance]


@dataclass(frozen=True)
class ArmAnswer:
    """An arm's most probable class, and the class that is followed."""

    arm: str
    first: Answer
    followed: Answer


@dataclass(frozen=True)
class StrengthAnswers:
    """All arms' answers at one strength; none without a head."""

    strength: float
    answers: list[ArmAnswer]


@dataclass(frozen=True)
class ChangeReport:
    """What a change of a photograph does in one network.

    strength: the one that the headline, lesson, drift and channels are about; meaning: what it
    means, with its unit; headline: of the intact network; lesson: what the change teaches, and
    whether it is so here; held: up to which strength each arm's answer holds; target: the class
    that is followed, None without a head; reference: the name of the data set whose pairs of images
    the places (percentiles, 0 to 100) refer to, or "" without; drift: by arm, but for a twin, which
    has no gates; channels: whose intact gates moved most, that first; along: the answers along the
    strengths, from the unchanged photograph on.
    """

    model: str
    change: str
    strength: float
    meaning: str
    seed: int
    headline: str
    lesson: str
    held: str
    reference: str
    target: Answer | None
    drift: list[ArmDrift]
    channels: list[ChannelDifference]
    along: list[StrengthAnswers]


@dataclass(frozen=True, eq=False)
class ChangeAnswer:
    """A report with the records that it was made from; point: of drift, at the report's strength.

    profile: the reference, None without.
    """

    report: ChangeReport
    drift: Drift
    point: Passed
    profile: Profile | None


def change_report(key: str, photo: Image.Image, changing: Changing, **asked: Any) -> ChangeReport:
    """Return the report of `change_answer` alone."""
    return change_answer(key, photo, changing, **asked).report


def change_answer(
    key: str,
    photo: Image.Image,
    changing: Changing,
    *,
    arms: Sequence[Arm] = (),
    target: str = "",
    channels: int = CHANNELS,
    profile: Profile | None = None,
    save: Callable[[npt.NDArray[np.uint8]], object] | None = None,
) -> ChangeAnswer:
    """Report on a photograph that is changed: at its first strength, and along those of a curve.

    changing: as of `asked_change`; arms: beside the intact one, by default as of `default_arms`;
    target: a class, or two (“A vs B”), by default the intact answer to the unchanged photograph;
    profile: the reference, by default the network's own; save: is given the photograph at the first
    strength, H×W×3 bytes. UserError where the network or an arm
    can't be had, or the change can't be made.
    """
    from seviz.analysis.changed import drift as changed_drift

    source, (strength, *_) = find(key), changing.strengths
    chosen = [INTACT, *(arm for arm in arms or default_arms(key) if arm != INTACT)]
    sought = class_target(source, target) if target else None
    key = fetch(key, chosen)
    recorded = recorded_for(key, chosen, profile)
    found = ask(
        changed_drift,
        key,
        photo,
        along(changing, strength),
        arms=chosen,
        recorded=recorded,
        whole=() if save is None else (strength,),
    )
    if save is not None:
        point = found.at(strength)
        assert point is not None and point.whole is not None
        save(point.whole)
    return answer_of_drift(found, strength, target=sought, channels=channels, profile=profile)


def answer_of_drift(
    found: Drift,
    strength: float,
    *,
    target: ClassTarget | None = None,
    channels: int = CHANNELS,
    profile: Profile | None = None,
) -> ChangeAnswer:
    """Report on a drift that is known, at one of its strengths; the rest as of `change_answer`."""
    changing = found.changing
    known, point = profile or reference(found.model), found.at(strength)
    assert point is not None
    pair = drift_pair(found, point, known, k=channels)
    headline = change_headline(found, point, known)
    report = ChangeReport(
        model=found.model,
        change=changing.change,
        strength=strength,
        meaning=find_change(changing.change).strength,
        seed=changing.seed,
        headline=" ".join(headline).strip(),
        lesson=lesson_words(found, point, known),
        held=holding_words(found),
        reference=pair.data,
        target=found.answer(found.unchanged, 0, target) if found.labels else None,
        drift=[
            ArmDrift(found.arms[row].name, list(drift_pair(found, point, known, arm=row).blocks))
            for row in arms_with_gates(found)
        ],
        channels=list(pair.channels),
        along=_answers_along(found, target),
    )
    return ChangeAnswer(report, found, point, known)


def asked_change(
    name: str, strength: float | None = None, *, seed: int = 0, region: str = "centre"
) -> Changing:
    """Return a change at one strength, by default its usual one; UserError where there is none."""
    change = find_change(name)
    at = change.default if strength is None else check_strength(change, strength)
    return Changing(change.name, (float(at),), check_seed(seed), check_region(region))


def along(changing: Changing, *strengths: float) -> Changing:
    """Return a change at the strengths of its curve, and at others."""
    return changing.at(*strengths, *find_change(changing.change).values)


def change_rows(change: Change, arms: int) -> PassRows:
    """Count how many rows pass for a change, at one strength and along those of its curve."""
    return PassRows(forward=(len(change.values) + 1) * arms, gradients=change.name == ATTACKED)


def check_change_time(key: str, change: Change, arms: int) -> None:
    """Raise UserError where a change takes longer than one question may."""
    check_time(key, change_rows(change, arms), "arms")


def _answers_along(found: Drift, sought: ClassTarget | None) -> list[StrengthAnswers]:
    if not found.labels:
        return [StrengthAnswers(point.strength, []) for point in found.points]
    followed = class_of(found.answer(found.unchanged, 0, sought))
    return [
        StrengthAnswers(
            point.strength,
            [
                ArmAnswer(
                    arm.name,
                    found.answer(point, row),
                    found.answer(point, row, followed),
                )
                for row, arm in enumerate(found.arms)
            ],
        )
        for point in found.points
    ]
