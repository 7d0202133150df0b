"""The rows with the most extreme values of each column, of more rows than memory holds.

Rows are images and columns are the channels of one block; nothing here knows of networks.
"""

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.reference.streams import Arrays, Integers

EXEMPLARS = 16  # rows of the greatest, and of the least, values that are kept for each column


class Extremes:
    """The rows with the EXEMPLARS greatest, or least, values of each column.

    Of equal values the rows of the smaller indices are kept, so that neither order nor parts
    matter.
    """

    def __init__(self, columns: int, *, least: bool = False, most: int = EXEMPLARS) -> None:
        """Start with no rows; least: keep the least values, not the greatest; most: how many."""
        self._sign = np.float32(-1 if least else 1)
        self._keys = np.full((most, columns), -np.inf, np.float32)  # sign · value, falling
        self._indices = np.full((most, columns), -1, np.int64)

    def add(self, indices: Integers, rows: Floats) -> None:
        """Add rows (N×C) by their indices (N)."""
        keys, most = self._sign * rows, len(self._keys)
        candidates = keys >= self._keys[-1]
        # Of the first rows, most are not among the most extreme of their own batch.
        if len(keys) > most and np.count_nonzero(candidates) > keys.size / 4:
            candidates &= keys >= np.partition(keys, -most, axis=0)[-most:][0]
        row, column = np.nonzero(candidates)
        self._join(column, keys[row, column], indices=indices[row])

    def merge(self, other: "Extremes") -> None:
        """Add the rows of another part."""
        row, column = np.nonzero(other._indices >= 0)
        self._join(column, other._keys[row, column], indices=other._indices[row, column])

    def _join(self, columns: npt.NDArray[np.intp], keys: Floats, *, indices: Integers) -> None:
        """Put candidates, each of one column, among the kept ones of those columns."""
        touched = np.unique(columns)
        if not len(touched):
            return
        most = len(self._keys)
        column = np.concatenate([columns, np.tile(touched, most)])
        key = np.concatenate([keys, self._keys[:, touched].ravel()])
        index = np.concatenate([indices, self._indices[:, touched].ravel()])
        order = np.lexsort((index, -key, column))
        starts = np.searchsorted(column[order], touched)
        best = order[starts[None] + np.arange(most)[:, None]]  # most × touched
        self._keys[:, touched], self._indices[:, touched] = key[best], index[best]

    def values(self) -> Floats:
        """Return the values, most×C, the most extreme first; NaN where there are fewer rows."""
        values: Floats = np.where(self._indices >= 0, self._sign * self._keys, np.nan)
        return values.astype(np.float32)

    def indices(self) -> Integers:
        """Return the rows' indices, most×C; −1 where there are fewer rows."""
        indices: Integers = self._indices.copy()
        return indices

    def arrays(self) -> Arrays:
        """Return all that they hold."""
        return {"keys": self._keys, "indices": self._indices}

    def restore(self, arrays: Arrays) -> None:
        """Take what others of the same shape held in place of what is here."""
        self._keys, self._indices = arrays["keys"].copy(), arrays["indices"].copy()
