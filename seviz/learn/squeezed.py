"""What the squeeze keeps of a channel's map, and what it drops."""

from dataclasses import dataclass

import numpy as np

from seviz.analysis.evidence import PLACES
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps

CLOSE = 1e-3  # between a descriptor and the mean or maximum of its map, as a share of the map's top


@dataclass(frozen=True)
class Squeeze:
    """One channel's map U in numbers.

    kind: avg or max, by how z follows from U; none without a squeeze; other where z is neither.
    rows, columns: of U; total: their sum; z: NaN for none. positive and negative: the sums of the
    values over and under 0. peak: the value farthest from 0, and place where it is; half: the
    smallest share of the positions that hold half of Σ|U|.
    """

    kind: str
    rows: int
    columns: int
    total: float
    z: float
    positive: float
    negative: float
    peak: float
    place: str
    half: float

    @property
    def count(self) -> int:
        """H·W."""
        return self.rows * self.columns


def measure_squeeze(maps: FeatureMaps, channel: int) -> Squeeze:
    """Measure one channel's map and its descriptor."""
    u = maps.u[channel].astype(np.float64)
    row, column = np.unravel_index(int(np.abs(u).argmax()), u.shape)
    sizes = np.sort(np.abs(u).ravel())[::-1].cumsum()
    half = (int(np.searchsorted(sizes, sizes[-1] / 2)) + 1) / u.size if sizes[-1] else 1.0
    return Squeeze(
        kind=squeeze_kind(maps),
        rows=u.shape[0],
        columns=u.shape[1],
        total=float(u.sum()),
        z=float(maps.z[channel]),
        positive=float(u[u > 0].sum()),
        negative=float(u[u < 0].sum()),
        peak=float(u[row, column]),
        place=PLACES[3 * (3 * int(row) // u.shape[0]) + 3 * int(column) // u.shape[1]],
        half=half,
    )


def squeeze_kind(maps: FeatureMaps) -> str:
    """Name a block's squeeze, judged by its z: avg, max, none, or other."""
    if not maps.site.squeezed:
        return "none"
    limit = CLOSE * max(float(np.abs(maps.u).max()), 1e-12)
    for kind, values in (("avg", maps.u.mean((1, 2))), ("max", maps.u.max((1, 2)))):
        if _near(values, maps.z, limit):
            return kind
    return "other"


def _near(values: Floats, z: Floats, limit: float) -> bool:
    return bool((np.abs(values - z) <= limit).all())
