import numpy as np
from made_learn import made

from seviz.learn.gallery import SIDE, channel_picture, extremes, map_picture


def test_extremes_are_the_largest_and_the_smallest_gates():
    s = np.float32([0.5, 0.9, 0.1, 0.7, 0.3])
    assert extremes(s, 2) == ([1, 3], [2, 4])
    assert extremes(s, 9) == ([1, 3], [2, 4])  # no channel is on both sides
    assert extremes(s[:1], 3) == ([], [])


def test_a_picture_is_red_over_zero_and_blue_under_it_and_faint_where_the_gate_is_shut():
    u = np.zeros((2, 2, 2), np.float32)
    u[:, 0, 0], u[:, 1, 1] = 4, -4
    seen = np.full((8, 12, 3), 128, np.uint8)
    open_, shut = (
        channel_picture(made([0, 0], u, s=(1, 0.01)), c, seen, limit=4.0) for c in (0, 1)
    )
    assert open_.shape == (SIDE * 8 // 12, SIDE, 3)
    (r, _, b), (r2, _, b2) = open_[5, 5].astype(int), open_[-5, -5].astype(int)
    assert r > b + 50
    assert b2 > r2 + 50
    assert np.ptp(open_[5, -5]) == 0  # nothing there: the photograph in grey
    assert np.abs(shut.astype(int) - 128).max() <= 3


def test_a_channels_picture_is_that_of_its_map_times_its_gate():
    u, seen = np.full((2, 2, 2), 2.0, np.float32), np.full((8, 8, 3), 128, np.uint8)
    maps = made([0, 0], u, s=(0.5, 1))
    shown = channel_picture(maps, 0, seen, limit=4.0)
    np.testing.assert_array_equal(shown, map_picture(u[0] / 2, seen, limit=4.0))
    assert (shown != map_picture(u[0], seen, limit=4.0)).any()
