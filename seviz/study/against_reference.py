"""Comparison of each variant of a study with its reference, here and in the article."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from seviz.nets.results import Results, VariantFigures
from seviz.nets.variants import PLAIN, STANDARD, STUDIES, Variant
from seviz.study.intervals import Difference, difference
from seviz.study.paper import REPORTED, Reported


@dataclass(frozen=True)
class Comparison:
    """A variant's top-1 minus another's; here: in shares; theirs: the article's, in points."""

    here: Difference
    theirs: float

    @property
    def agrees(self) -> bool:
        """Tell whether both have the same sign, which means little unless `here` is clear."""
        return self.here.mean * self.theirs > 0


@dataclass(frozen=True)
class Row:
    """A variant of a study; gap: its comparison with the reference, None for the reference."""

    variant: Variant
    figures: VariantFigures
    reported: Reported
    reference: Variant
    gap: Comparison | None


@dataclass(frozen=True)
class Order:
    """Pairs of variants: how many are clearly in the article's order, clearly not, or open."""

    agree: int
    contradict: int
    open: int

    @property
    def pairs(self) -> int:
        """Return the number of all pairs."""
        return self.agree + self.contradict + self.open

    @property
    def reproduced(self) -> bool:
        """Tell whether all pairs are clearly in the article's order."""
        return self.agree == self.pairs


def reference_of(study: str, variant: Variant) -> Variant:
    """Return a variant's reference: the host without SE, or else the standard SE-ResNet."""
    return Variant(variant.host, PLAIN) if study == "host" else STANDARD


def rows(study: str, results: Results) -> tuple[Row, ...]:
    """Return a study's variants in its order."""
    compared = []
    for variant in STUDIES[study]:
        reference = reference_of(study, variant)
        gap = None if variant == reference else _compare(study, results, variant, other=reference)
        figures = results.variants[variant.key]
        compared.append(Row(variant, figures, REPORTED[study][variant], reference, gap))
    return tuple(compared)


def order(study: str, results: Results) -> Order:
    """Compare all pairs of a study's variants; for the hosts, each with SE and without."""
    pairs = [_compare(study, results, one, other=other) for one, other in _pairs(study)]
    clear = [pair for pair in pairs if pair.here.clear]
    agree = sum(pair.agrees for pair in clear)
    return Order(agree, len(clear) - agree, len(pairs) - len(clear))


def _pairs(study: str) -> Iterator[tuple[Variant, Variant]]:
    if study == "host":
        return ((v, reference_of(study, v)) for v in STUDIES[study] if not v.plain)
    return combinations(STUDIES[study], 2)


def _compare(study: str, results: Results, variant: Variant, *, other: Variant) -> Comparison:
    here = difference(results.variants[variant.key].top1, results.variants[other.key].top1)
    theirs = REPORTED[study][other].top1 - REPORTED[study][variant].top1
    return Comparison(here, round(theirs, 2))
