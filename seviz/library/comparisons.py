"""The results of comparing two photographs, or one with itself as changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from seviz.analysis.photo_pair import MEASURES, BlockDistance
from seviz.answers.changes import ChangeAnswer
from seviz.answers.export import drift_arrays, pair_arrays
from seviz.answers.photo_pair import PhotoPairAnswer
from seviz.library.result import Arrays, Result, Table, check_choice, with_source
from seviz.records.target import class_of
from seviz.records.trace import NO_HEAD
from seviz.words.numbers import signed

if TYPE_CHECKING:
    from seviz.figures.style import Figure

HEADS = ("block", "cosine distance of s", "mean |Δs|", "percentile among pairs of images")


@dataclass(frozen=True, eq=False, repr=False)
class PhotoPairResult(Result):
    """Where the gates of two photographs differ; answer: the report and its records."""

    answer: PhotoPairAnswer

    def _content(self) -> dict[str, Any]:
        return asdict(self.answer.report)

    def to_arrays(self) -> Arrays:
        """Return first/SITE and second/SITE, the gates s (C), and the logits first and second."""
        return pair_arrays(self.answer.first, self.answer.second)

    @with_source
    def figure(self, measure: str = "cosine") -> "Figure":
        """Draw the distance of the gates at each block; measure: cosine, or difference (|Δs|)."""
        from seviz.figures.photo_pair import pair_chart

        check_choice("measure", measure, MEASURES)
        return pair_chart(self.answer.pair, self.answer.profile, measure)

    def _table(self) -> Table:
        report = self.answer.report
        return Table(report.headline, HEADS, _rows(report.blocks))


@dataclass(frozen=True, eq=False, repr=False)
class ChangeResult(Result):
    """What a change of a photograph does; answer: the report and its records."""

    answer: ChangeAnswer

    def _content(self) -> dict[str, Any]:
        return asdict(self.answer.report)

    def to_arrays(self) -> Arrays:
        """Return strengths (S), logits (S×arms×K), and s/SITE, the gates, S×arms×C."""
        return drift_arrays(self.answer.drift)

    @with_source
    def figure(self, kind: str = "gates", measure: str = "cosine") -> "Figure":
        """Draw how far the gates move at each block, or the answer along the strengths.

        kind: gates, or answers; measure: of the gates, cosine or difference (|Δs|).
        """
        from seviz.figures.drift import drift_chart, drift_curve

        check_choice(
            "figure", kind, ("gates", "answers") if self.answer.drift.labels else ("gates",)
        )
        check_choice("measure", measure, MEASURES)
        found = self.answer
        if kind == "gates":
            return drift_chart(found.drift, found.point, found.profile, measure=measure)
        assert found.report.target is not None  # there are labels
        target = class_of(found.report.target)
        return drift_curve(found.drift, target=target, strength=found.report.strength)

    def _table(self) -> Table:
        report = self.answer.report
        note = " ".join(filter(None, (report.lesson, report.held or NO_HEAD)))
        return Table(report.headline, HEADS, _rows(report.drift[0].blocks), note)


def _rows(blocks: Sequence[BlockDistance]) -> list[tuple[str, ...]]:
    return [
        (
            block.site,
            signed(block.cosine),
            signed(block.difference),
            "" if block.cosine_place is None else f"{block.cosine_place:.0f}",
        )
        for block in blocks
    ]
