"""Images as points by the gates of a block, and which gates differ between two sets of them."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.numbers import Floats
from seviz.reference.percentiles import Doubles
from seviz.reference.streams import Integers

METHODS = ("pca", "umap")
SEED = 0  # of UMAP, and of the start of PCA
SMALL = 8  # images or channels, of which all singular values are found
NEIGHBOURS = 15  # of UMAP, its default
LEAST = 3  # images, for a map
FEW = 2  # images of a set, at least
NO_UMAP = UserError(
    "UMAP needs the package umap-learn, which is not installed here: `pip install umap-learn` "
    "brings it; the method pca needs nothing more."
)


@dataclass(frozen=True)
class Projection:
    """Points in the plane, n×2; explained: both axes' shares of the variance, None for UMAP."""

    points: Doubles
    explained: tuple[float, float] | None


@dataclass(frozen=True)
class Differences:
    """The gates (C) of a block over two sets of images: their means, and a − b in deviations.

    deviations: in pooled standard deviations, NaN where a gate never changes within either set;
    order: the channels, that which differs most first.
    """

    a: Doubles
    b: Doubles
    deviations: Doubles
    order: Integers


def project(rows: Floats, method: str) -> Projection:
    """Return images as points; rows: their gates, n×C; method: one of `METHODS`.

    UserError where there is no such method, it is not installed, or there are too few images.
    """
    if method not in METHODS:
        raise UserError(f"There is no method “{method[:80]}”; choose pca or umap.")
    if len(rows) < LEAST:
        raise UserError(f"A map needs {LEAST} images or more, and here are {len(rows)}.")
    return pca(rows) if method == "pca" else umap(rows)


def pca(rows: Floats) -> Projection:
    """Project gates (n×C) on the two directions along which they vary most.

    Each direction has that sign with which its largest component is positive.
    """
    centred = rows.astype(np.float64)
    centred -= centred.mean(0)
    left, sizes, right = _first_two(centred)
    largest = np.abs(right).argmax(1)
    signs = np.where(right[np.arange(len(right)), largest] < 0, -1.0, 1.0)
    points, total = left * sizes * signs, float((centred**2).sum())
    missing = 2 - points.shape[1]  # a block of one channel
    points, sizes = np.pad(points, ((0, 0), (0, missing))), np.pad(sizes, (0, missing))
    shares = sizes**2 / total if total > 0 else np.zeros(2)
    return Projection(points, (float(shares[0]), float(shares[1])))


def _first_two(centred: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Return the two largest singular values of n×C values, the larger first, with their vectors.

    By Lanczos steps from a fixed start: all singular values take a hundred times as long, and on
    cores that have other work to do a minute.
    """
    if min(centred.shape) <= SMALL or not centred.any():
        left, sizes, right = np.linalg.svd(centred, full_matrices=False)
        return left[:, :2], sizes[:2], right[:2]
    from scipy.sparse.linalg import svds  # takes long to import

    start = np.random.default_rng(SEED).standard_normal(min(centred.shape))
    left, sizes, right = svds(centred, k=2, v0=start)
    order = np.argsort(-sizes, kind="stable")
    return left[:, order], sizes[order], right[order]


def has_umap() -> bool:
    """Tell whether UMAP is installed."""
    return find_spec("umap") is not None


def umap(rows: Floats) -> Projection:
    """Lay gates (n×C) out by UMAP, from a fixed seed; UserError where it is not installed."""
    if not has_umap():
        raise NO_UMAP
    from umap import UMAP

    # With a seed it uses one thread, and would warn unless it is told to.
    near = min(NEIGHBOURS, len(rows) - 1)
    layout = UMAP(n_neighbors=near, random_state=SEED, n_jobs=1, init=_init(rows))
    return Projection(np.asarray(layout.fit_transform(rows), np.float64), None)


def _init(rows: Floats) -> npt.NDArray[np.float32] | str:
    """Start few images at their PCA: the spectral start needs more of them than dimensions."""
    if len(rows) > NEIGHBOURS:
        return "spectral"
    return pca(rows).points.astype(np.float32)


def differences(rows: Floats, a: Integers, b: Integers) -> Differences:
    """Compare two sets of images, a and b, given by their rows of gates (n×C).

    UserError where one has fewer than two images.
    """
    for name, chosen in (("A", a), ("B", b)):
        if len(chosen) < FEW:
            count = f"{len(chosen)} image{'s' * (len(chosen) != 1)}"
            raise UserError(f"Selection {name} has {count}; choose {FEW} or more.")
    own, other = rows[a].astype(np.float64), rows[b].astype(np.float64)
    means = own.mean(0), other.mean(0)
    squares = ((own - means[0]) ** 2).sum(0) + ((other - means[1]) ** 2).sum(0)
    pooled = np.sqrt(squares / (len(own) + len(other) - 2))
    gap = means[0] - means[1]
    deviations = np.where(pooled > 0, gap / np.where(pooled > 0, pooled, 1), np.nan)
    # First those that differ without ever changing, as by no finite number of deviations.
    size = np.where(np.isnan(deviations), np.where(gap != 0, np.inf, 0), np.abs(deviations))
    return Differences(*means, deviations, np.argsort(-size, kind="stable"))
