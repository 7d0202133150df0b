import numpy as np

from seviz.analysis.evidence import scale_limit
from seviz.photos.overlay import AGAINST, FOR, SIDE, overlay


def test_evidence_is_red_counter_evidence_blue_and_none_shows_the_photograph():
    seen = np.full((2, 3, 3), 120, np.uint8)
    pixels = np.array([[1, 0, -1], [0.5, 0, -9]], np.float32)
    drawn = overlay(seen, 2 * pixels, 2.0)
    step = drawn.shape[0] // 2
    assert drawn.shape == (2 * step, 3 * step, 3)
    assert drawn.shape[0] >= SIDE
    middle = [[drawn[step // 2 + r * step, step // 2 + c * step] for c in range(3)] for r in (0, 1)]
    assert (middle[0][1] == 120).all()
    np.testing.assert_allclose(middle[0][0], 0.15 * 120 + 0.85 * np.array(FOR), atol=1)
    np.testing.assert_allclose(middle[0][2], 0.15 * 120 + 0.85 * np.array(AGAINST), atol=1)
    assert (middle[1][2] == middle[0][2]).all()  # beyond the scale: its full colour
    assert middle[0][0][0] > middle[1][0][0] > 120


def test_the_scale_is_of_all_maps_and_leaves_single_pixels_out():
    maps = np.zeros((2, 100, 100), np.float32)
    maps[1, :60] = -2
    maps[0, 0, 0] = 1000
    assert scale_limit(maps) == 2
    assert scale_limit(np.zeros((1, 4, 4), np.float32)) > 0
