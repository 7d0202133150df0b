"""The similarity of two networks' gates over many images: a typed report, ready for JSON."""

from dataclasses import dataclass

import numpy as np

from seviz.records.network_pair import GateSimilarity
from seviz.words.network_pair import similarity_headline


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
