"""The parts of a report that compare its photograph: with itself as changed, and with another."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from seviz.analysis.photo_pair import MEASURES
from seviz.answers.changes import ChangeAnswer
from seviz.answers.photo_pair import PhotoPairAnswer
from seviz.drawing.report import Column, Section
from seviz.figures import style
from seviz.figures.drift import drift_chart, drift_curve
from seviz.figures.overlay import Bytes
from seviz.figures.photo_pair import pair_chart
from seviz.photos.changes import find_change
from seviz.phrases import capitalize
from seviz.records.target import ClassTarget
from seviz.records.trace import Trace
from seviz.words.changes import CURVE_HELP, as_changed
from seviz.words.photo_pair import CHANNELS_HELP, DEPTH_HELP
from seviz.words.tables import photo_pair_table

FIRST = 5  # answers of a column
BY_HAND = (
    "What was painted over by hand has no command, so the command of this report leaves this part "
    "out."
)


def change_section(answer: ChangeAnswer, trace: Trace, target: ClassTarget) -> Section:
    """Tell what a change of the photograph does; trace: of the same; target: what is followed."""
    drift, point, report = answer.drift, answer.point, answer.report
    change = find_change(report.change)
    changed = capitalize(as_changed(change, report.strength))
    charts = [drift_chart(drift, point, answer.profile, measure=measure) for measure in MEASURES]
    curve = drift_curve(drift, target=target, strength=report.strength)
    return Section(
        "change",
        f"Compared with itself, {change.title}",
        report.headline,
        columns=[
            _column(title, replace(trace, logits=at.logits), at.seen)
            for title, at in (("As it is", drift.unchanged), (changed, point))
        ],
        lines=[f"{report.lesson} {report.held}".strip()],
        charts=[*_depth(charts), (curve, CURVE_HELP)],
        tables=[
            photo_pair_table(
                report.channels, ("as it is", "changed"), placed=answer.profile is not None
            )
        ],
        hints=[CHANNELS_HELP, *([] if drift.changing.mask is None else [BY_HAND])],
    )


def pair_section(answer: PhotoPairAnswer) -> Section:
    """Tell where the gates of the photograph and of a second one differ."""
    report = answer.report
    other = report.headline_of_difference
    charts = [pair_chart(answer.pair, answer.profile, measure) for measure in MEASURES]
    return Section(
        "second",
        "Compared with a second photograph",
        report.headline,
        columns=[
            _column("First photograph", answer.first, answer.first.seen),
            _column("Second photograph", answer.second, answer.second.seen),
        ],
        lines=[other] if other != report.headline else [],
        charts=_depth(charts),
        tables=[
            photo_pair_table(
                report.channels, ("first", "second"), placed=answer.profile is not None
            )
        ],
        hints=[CHANNELS_HELP],
    )


def _column(title: str, trace: Trace, seen: Bytes) -> Column:
    """Set the first answers of a trace's first arm, which is intact, under what was seen."""
    return Column(title, style.INTACT, trace.top(0, FIRST), seen=seen)


def _depth(charts: Iterable[Any]) -> list[tuple[Any, str]]:
    """Explain the charts of the distances at each block under the last of them."""
    *firsts, last = charts
    return [*((chart, "") for chart in firsts), (last, DEPTH_HELP)]
