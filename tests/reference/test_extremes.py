from itertools import permutations

import numpy as np
import pytest

from seviz.reference.extremes import Extremes

ROWS, COLUMNS, MOST = 90, 4, 5


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Return values of which many are equal."""
    return np.random.default_rng(0).integers(0, 12, (ROWS, COLUMNS)).astype(np.float32) / 8


def in_parts(rows: np.ndarray, order: np.ndarray, *, least: bool, sizes: list[int]) -> Extremes:
    found = Extremes(COLUMNS, least=least, most=MOST)
    for part in np.split(order, np.cumsum(sizes)):
        found.add(part, rows[part])
    return found


def expected(rows: np.ndarray, least: bool) -> np.ndarray:
    """Sort each column; of equal values, the row of the smaller index is first."""
    keys = rows if least else -rows
    return np.stack([np.argsort(column, kind="stable")[:MOST] for column in keys.T], 1)


@pytest.mark.parametrize("least", [False, True])
def test_they_are_the_first_of_the_sorted_rows_in_any_order(rows, least):
    wanted = expected(rows, least)
    for seed, sizes in enumerate(([1] * 89, [7, 60], [ROWS])):
        order = np.random.default_rng(seed).permutation(ROWS)
        found = in_parts(rows, order, least=least, sizes=sizes)
        np.testing.assert_array_equal(found.indices(), wanted)
        np.testing.assert_array_equal(found.values(), np.take_along_axis(rows, wanted, 0))


@pytest.mark.parametrize("least", [False, True])
def test_parts_merge_in_any_order(rows, least):
    for order in permutations(np.split(np.arange(ROWS), [3, 40])):
        a, b, c = (in_parts(rows, part, least=least, sizes=[]) for part in order)
        b.merge(c)
        a.merge(b)
        np.testing.assert_array_equal(a.indices(), expected(rows, least))


def test_fewer_rows_than_places_leave_places_empty(rows):
    found = in_parts(rows, np.array([7, 2]), least=False, sizes=[])
    np.testing.assert_array_equal((found.indices() >= 0).sum(0), [2] * COLUMNS)
    assert np.isnan(found.values()[2:]).all()
    assert (found.values()[:2] == np.sort(rows[[2, 7]], axis=0)[::-1]).all()


def test_what_is_restored_goes_on(rows):
    half = in_parts(rows, np.arange(40), least=True, sizes=[])
    again = Extremes(COLUMNS, least=True, most=MOST)
    again.restore({name: array.copy() for name, array in half.arrays().items()})
    again.add(np.arange(40, ROWS), rows[40:])
    np.testing.assert_array_equal(again.indices(), expected(rows, least=True))
