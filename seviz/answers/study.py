"""The results of the laboratory's study: typed reports, ready for JSON."""

from dataclasses import dataclass
from math import isfinite
from statistics import fmean

from seviz.errors import UserError
from seviz.nets.results import FILE, Results, results
from seviz.nets.variants import STUDIES
from seviz.phrases import did_you_mean
from seviz.study.against_reference import Row, rows
from seviz.study.paper import SOURCES, Reported
from seviz.words.findings import QUESTIONS, headline, method_lines, order_words


@dataclass(frozen=True)
class Gap:
    """The difference of a variant from its reference, in points of top-1; + is better.

    low and high are the ends of its 95 % interval, None where there is one seed; clear: the
    interval does not contain 0, so the difference is larger than the seeds' spread. article: the
    difference on ImageNet.
    """

    reference: str
    points: float
    low: float | None
    high: float | None
    clear: bool
    article: float


@dataclass(frozen=True)
class VariantResult:
    """A variant's accuracy: top1 and top5 in %, by seed; spread: over the seeds, in points.

    gap is None of a reference itself; article: errors in % on ImageNet, parameters in millions.
    """

    key: str
    title: str
    top1: list[float]
    top5: list[float]
    top1_mean: float
    top1_spread: float | None
    top5_mean: float
    gap: Gap | None
    parameters: int
    macs: int
    article: Reported


@dataclass(frozen=True)
class StudyResult:
    """A study: its question, the answer in words, and its variants in the study's order.

    source: where the article has its figures; measured: how those here were measured.
    """

    study: str
    question: str
    headline: str
    order: str
    variants: list[VariantResult]
    source: str
    measured: str


def shipped_results() -> Results:
    """Return the results of the study that ships with seviz; UserError where there are none."""
    if not FILE.exists():
        raise UserError("This copy of seviz has no study; `python -m seviz study` makes one.")
    return results()


def study_names(study: str) -> tuple[str, ...]:
    """Return the study of a name, or all for “”; UserError where there is none."""
    if not study:
        return tuple(STUDIES)
    if study not in STUDIES:
        near = did_you_mean(study, STUDIES, otherwise=STUDIES, count=1)
        raise UserError(f"There is no study “{study}”; {near}")
    return (study,)


def study_report(study: str = "") -> list[StudyResult]:
    """Return the results of a study, or of all; UserError where there are no such results."""
    shipped = shipped_results()
    return [
        StudyResult(
            study=name,
            question=QUESTIONS[name],
            headline=headline(name, shipped),
            order=order_words(name, shipped),
            variants=[_variant(row) for row in rows(name, shipped)],
            source=SOURCES[name],
            measured=" ".join(method_lines(shipped)),
        )
        for name in study_names(study)
    ]


def _variant(row: Row) -> VariantResult:
    result = row.figures
    return VariantResult(
        key=result.key,
        title=result.title,
        top1=[_points(share) for share in result.top1],
        top5=[_points(share) for share in result.top5],
        top1_mean=_points(result.mean),
        top1_spread=_points(result.spread) if len(result.top1) > 1 else None,
        top5_mean=_points(fmean(result.top5)),
        gap=_gap(row),
        parameters=result.parameters,
        macs=result.macs,
        article=row.reported,
    )


def _gap(row: Row) -> Gap | None:
    if row.gap is None:
        return None
    here = row.gap.here
    low, high = (_points(end) if isfinite(end) else None for end in (here.low, here.high))
    return Gap(row.reference.key, _points(here.mean), low, high, here.clear, row.gap.theirs)


def _points(share: float) -> float:
    return round(100 * share, 4)
