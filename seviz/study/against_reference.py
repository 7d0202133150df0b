"""A study as rows: each variant beside the one it is held against, here and in the article."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from seviz.nets.results import Results, VariantFigures
from seviz.nets.variants import PLAIN, STANDARD, STUDIES, Variant
from seviz.study.intervals import Difference, difference
from seviz.study.paper import REPORTED, Reported


@dataclass(frozen=True)
class Against:
    """How one variant stands to another: here as shares, in the article in points; + is better."""

    here: Difference
    theirs: float

    @property
    def agrees(self) -> bool:
        """Tell whether both have the same sign; it means little where it is not clear here."""
        return self.here.mean * self.theirs > 0


@dataclass(frozen=True)
class Row:
    """A variant of a study; gap: how it stands to its reference, None where it is one itself."""

    variant: Variant
    figures: VariantFigures
    reported: Reported
    reference: Variant
    gap: Against | None


@dataclass(frozen=True)
class Order:
    """A study's variants in pairs: how many are clearly as in the article, against it, or open."""

    agree: int
    contradict: int
    open: int

    @property
    def pairs(self) -> int:
        """Return how many there are."""
        return self.agree + self.contradict + self.open

    @property
    def reproduced(self) -> bool:
        """Tell whether the whole of the article's order is found here, clearly."""
        return self.agree == self.pairs


def reference_of(study: str, variant: Variant) -> Variant:
    """Return what a variant is held against: the host without SE, else the standard SE-ResNet."""
    return Variant(variant.host, PLAIN) if study == "host" else STANDARD


def rows(study: str, results: Results) -> tuple[Row, ...]:
    """Return a study's variants in its order."""
    told = []
    for variant in STUDIES[study]:
        reference = reference_of(study, variant)
        gap = None if variant == reference else _against(study, results, variant, other=reference)
        figures = results.variants[variant.key]
        told.append(Row(variant, figures, REPORTED[study][variant], reference, gap))
    return tuple(told)


def order(study: str, results: Results) -> Order:
    """Hold each two variants of a study against each other; of the hosts, each with and without."""
    pairs = [_against(study, results, one, other=other) for one, other in _pairs(study)]
    clear = [pair for pair in pairs if pair.here.clear]
    agree = sum(pair.agrees for pair in clear)
    return Order(agree, len(clear) - agree, len(pairs) - len(clear))


def _pairs(study: str) -> Iterator[tuple[Variant, Variant]]:
    if study == "host":
        return ((v, reference_of(study, v)) for v in STUDIES[study] if not v.plain)
    return combinations(STUDIES[study], 2)


def _against(study: str, results: Results, variant: Variant, *, other: Variant) -> Against:
    here = difference(results.variants[variant.key].top1, results.variants[other.key].top1)
    theirs = REPORTED[study][other].top1 - REPORTED[study][variant].top1
    return Against(here, round(theirs, 2))
