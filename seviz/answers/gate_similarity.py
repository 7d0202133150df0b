"""The similarity of two networks' gates over many images: a typed report, ready for JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from seviz.analysis.cka import gate_similarity
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.records.collection import Collection, Photographs
from seviz.records.network_pair import GateSimilarity
from seviz.watch import Part, Watch
from seviz.words.network_pair import similarity_headline
from seviz.words.numbers import decimals
from seviz.zoo.catalogue import find

SIMILARITY_HEADS = ("block of A", "most alike in B", "CKA", "same name")


@dataclass(frozen=True)
class GateSimilarityReport:
    """Linear CKA of two networks' gates over the same images, as of `GateSimilarity`.

    cka: a row for each block of A, a column for each of B; null where one of both is constant, or
    the estimate of its own variance is not positive.
    """

    headline: str
    model_a: str
    model_b: str
    blocks_a: list[str]
    blocks_b: list[str]
    cka: list[list[float | None]]
    constant_a: list[str]
    constant_b: list[str]
    count: int
    data: str


def similarity_report(found: GateSimilarity) -> GateSimilarityReport:
    """Report on the similarity of two networks' gates; NaN becomes None."""
    return GateSimilarityReport(
        headline=similarity_headline(found),
        model_a=found.model_a,
        model_b=found.model_b,
        blocks_a=list(found.blocks_a),
        blocks_b=list(found.blocks_b),
        cka=[[None if np.isnan(v) else float(v) for v in row] for row in found.cka],
        constant_a=list(found.constant_a),
        constant_b=list(found.constant_b),
        count=found.count,
        data=found.data,
    )


def check_both_have_gates(*keys: str) -> None:
    """Raise UserError where one of these networks has no gates that could be compared."""
    for source in map(find, keys):
        if not source.has_gates:
            raise UserError(
                f"{source.title} has no gates, so there is no similarity of gates; choose two "
                "networks with SE, or compare both on one photograph alone."
            )


def measure_similarity(
    a: str, b: str, photographs: Photographs, *, watch: Watch | None = None
) -> GateSimilarity:
    """Pass photographs through two networks of the catalogue, and compare their gates.

    UserError as of `gate_similarity`; Stopped where the watch stops the work.
    """
    from seviz.passes.collection import pass_collection

    def collect(key: str, part: Watch) -> Collection:
        return ask(pass_collection, key, photographs, watch=part)

    return compare_collected(a, b, collect, watch=watch or Watch())


def compare_collected(
    a: str, b: str, collect: Callable[[str, Watch], Collection], *, watch: Watch
) -> GateSimilarity:
    """Compare two networks' gates by what `collect` returns of each, one network's only once."""
    first = collect(a, Part(watch, 0, 0.5))
    return gate_similarity(first, first if a == b else collect(b, Part(watch, 0.5, 1)))


def similarity_rows(found: GateSimilarityReport) -> Iterator[tuple[str, str, str, str]]:
    """Yield as texts, of each block of A, the block of B that is most alike, under the heads.

    The last is the CKA with B's block of the same name, "" where B has none.
    """
    for name, row in zip(found.blocks_a, found.cka, strict=True):
        known = [(value, other) for value, other in zip(row, found.blocks_b, strict=True) if value]
        if not known:
            yield name, "constant", "", ""
            continue
        most, best = max(known)
        same = dict(zip(found.blocks_b, row, strict=True)).get(name)
        at_name = "constant" if same is None else decimals(same, 2)
        yield name, best, decimals(most, 2), at_name if name in found.blocks_b else ""
