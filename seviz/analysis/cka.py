"""Linear CKA: how alike the gates of two networks are over the same images.

CKA compares what two sets of features say of the same n images: which images are near each other.
It does not matter how features are numbered or rotated, so blocks of any width can be compared. It
is HSIC(K, L) / √(HSIC(K, K) · HSIC(L, L)) of K = XXᵀ and L = YYᵀ (Kornblith et al., 2019, arXiv
1905.00414, equations 3 and 4). With fewer images than channels, the usual estimate of HSIC makes
any two networks look alike, so the unbiased one is taken (Song et al., 2012; Nguyen et al., 2021,
arXiv 2010.15327, equation 3). It is 1 for the same features, about 0 for unrelated ones, and may be
a little below.
"""

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.collection import Collection
from seviz.records.network_pair import GateSimilarity
from seviz.records.numbers import Floats
from seviz.reference.diagnosis import moves

LEAST = 4  # images: the unbiased estimate divides by n − 3
MOST = 512  # images: each block needs a matrix of all pairs; of more, so many are taken
FEW = 50  # images, under which the estimate is said to be rough
Doubles = npt.NDArray[np.float64]


def unbiased_hsic(k: Doubles, l: Doubles) -> float:  # noqa: E741 - as in the articles
    """Estimate HSIC from two kernels of n images, n×n, without bias; n is LEAST or more."""
    n = len(k)
    k, l = k.copy(), l.copy()  # noqa: E741
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    trace = (k * l).sum()
    sums = k.sum() * l.sum() / ((n - 1) * (n - 2))
    mixed = 2 * (k.sum(0) @ l.sum(0)) / (n - 2)
    return float((trace + sums - mixed) / (n * (n - 3)))


def linear_cka(x: Floats, y: Floats) -> float:
    """Return the linear CKA of features of the same n images, n×C and n×D.

    NaN where one of both has no variance that could be estimated. UserError of fewer than LEAST
    images, ValueError where x and y are of different images.
    """
    if len(x) != len(y):
        raise ValueError(f"{len(x)} and {len(y)} images")
    _check_count(len(x))
    return _cka(_Block.of(x), _Block.of(y))


def gate_similarity(a: Collection, b: Collection) -> GateSimilarity:
    """Compare the gates of two networks over the same photographs, each block with each.

    UserError where one of both has no gates, there are fewer than LEAST photographs, or these are
    not the same.
    """
    for of in (a, b):
        if not of.sites:
            raise UserError(
                "A network without SE has no gates, so there is no similarity of gates; choose two "
                "networks with SE."
            )
    if a.photographs.names != b.photographs.names:
        raise UserError("Both networks must be asked about the same photographs; ask them again.")
    _check_count(len(a))
    taken = _taken(len(a))
    gates = [{name: s[taken] for name, s in of.s.items()} for of in (a, b)]
    constant = [_constant_blocks(of) for of in gates]
    columns = [_Block.of(s, name in constant[1]) for name, s in gates[1].items()]
    rows = (_Block.of(s, name in constant[0]) for name, s in gates[0].items())
    cka = np.array([[_cka(row, column) for column in columns] for row in rows], np.float32)
    return GateSimilarity(
        model_a=a.model,
        model_b=b.model,
        blocks_a=tuple(a.s),
        blocks_b=tuple(b.s),
        cka=cka,
        constant_a=constant[0],
        constant_b=constant[1],
        count=len(taken),
        data=a.photographs.name,
    )


def _check_count(count: int) -> None:
    if count < LEAST:
        raise UserError(
            f"The similarity of gates needs {LEAST} photographs or more, and {count} "
            f"{'is' if count == 1 else 'are'} here; give more."
        )


def _kernel(x: Floats) -> Doubles:
    """Return the products of all pairs of images, n×n; centred, which costs fewer digits."""
    rows = x.astype(np.float64)
    rows -= rows.mean(0)
    products: Doubles = rows @ rows.T
    return products


class _Block(NamedTuple):
    """A block's kernel, n×n, and its HSIC with itself; 0 of a constant block."""

    kernel: Doubles
    own: float

    @classmethod
    def of(cls, gates: Floats, constant: bool = False) -> "_Block":
        kernel = _kernel(gates)
        return cls(kernel, 0.0 if constant else unbiased_hsic(kernel, kernel))


def _cka(one: _Block, other: _Block) -> float:
    if one.own <= 0 or other.own <= 0:
        return np.nan
    return unbiased_hsic(one.kernel, other.kernel) / sqrt(one.own * other.own)


def _taken(count: int) -> npt.NDArray[np.intp]:
    """Return which images are taken: all, or MOST of them, evenly."""
    places = np.linspace(0, count - 1, min(count, MOST)).round()
    taken: npt.NDArray[np.intp] = places.astype(np.intp)
    return taken


def _constant_blocks(gates: Mapping[str, Floats]) -> tuple[str, ...]:
    """Name the blocks none of whose gates (n×C) moves over the images."""
    return tuple(name for name, s in gates.items() if not moves(s.astype(np.float64).std(0)).any())
