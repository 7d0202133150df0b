"""Changes of photographs, against what NumPy computes by hand."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.photos.changed import changed, painted_part
from seviz.photos.changes import CHANGES, REGIONS

PIXELS = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)
PHOTO = Image.fromarray(PIXELS)
SIGNS = np.random.default_rng(1).integers(-1, 2, (24, 24, 3)).astype(np.int8)


def pixels(name: str, strength: float, **how) -> np.ndarray:
    how.setdefault("signs", SIGNS)
    return np.asarray(changed(PHOTO, name, strength, **how)).astype(int)


def near(found: np.ndarray, expected: np.ndarray, within: int = 1) -> bool:
    return np.abs(found - expected).max() <= within


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_at_its_neutral_strength_the_photograph_is_as_it_is(change):
    assert changed(PHOTO, change.name, change.neutral) is PHOTO


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_each_strength_of_the_curve_gives_another_rgb_picture(change):
    for strength in change.values[1:]:
        result = changed(PHOTO, change.name, strength, signs=SIGNS)
        assert result.mode == "RGB"
        assert change.name == "cropped" or result.size == PHOTO.size
        assert result.size != PHOTO.size or (np.asarray(result) != PIXELS).any()
    np.testing.assert_array_equal(np.asarray(PHOTO), PIXELS)  # the photograph itself stays


def test_mirrored_is_left_for_right():
    np.testing.assert_array_equal(pixels("mirrored", 1), PIXELS[:, ::-1])


@pytest.mark.parametrize(("angle", "turns"), [(90, 1), (180, 2)])
def test_rotated_by_right_angles_is_counter_clockwise(angle: int, turns: int):
    np.testing.assert_array_equal(pixels("rotated", angle), np.rot90(PIXELS, turns))


def test_rotated_corners_are_filled_from_the_photograph():
    white = Image.new("RGB", (24, 24), "white")
    assert np.asarray(changed(white, "rotated", 45)).min() == 255


def test_cropped_keeps_the_centre():
    np.testing.assert_array_equal(pixels("cropped", 50), PIXELS[6:18, 6:18])
    assert changed(Image.new("RGB", (3, 1)), "cropped", 20).size == (1, 1)


def test_darker_takes_a_share_of_the_light():
    assert near(pixels("darker", 75), PIXELS * 0.25)


def test_blurred_by_a_share_of_the_short_side():
    """A point spreads as a normal distribution does; Pillow makes it of three boxes."""
    point = np.zeros((101, 101, 3), np.uint8)
    point[50, 50] = 255
    wide = np.asarray(changed(Image.fromarray(point * 1), "blurred", 2)).astype(float)[..., 0]
    across = wide.sum(0)
    offsets = np.arange(101) - 50
    deviation = np.sqrt((across * offsets**2).sum() / across.sum())
    assert deviation == pytest.approx(0.02 * 101, rel=0.15)
    assert (across * offsets).sum() == pytest.approx(0, abs=1e-9)


def test_noise_has_its_deviation_and_its_seed():
    grey = Image.new("RGB", (200, 200), (128, 128, 128))
    noisy = [np.asarray(changed(grey, "noisy", 10, seed=seed)).astype(float) for seed in (0, 0, 1)]
    assert (noisy[0] - 128).std() == pytest.approx(25.5, rel=0.02)
    assert (noisy[0] - 128).mean() == pytest.approx(0, abs=0.5)
    np.testing.assert_array_equal(noisy[0], noisy[1])
    assert (noisy[0] != noisy[2]).mean() > 0.9


def test_without_colour_all_colours_are_the_luma():
    luma = PIXELS @ np.array([0.299, 0.587, 0.114])
    assert near(pixels("grey", 100), luma[..., None])
    assert near(pixels("grey", 50), (PIXELS + luma[..., None]) / 2)


def test_tinted_is_seen_through_orange_glass():
    glass = PIXELS * np.array([255, 160, 60]) / 255
    assert near(pixels("tinted", 100), glass)
    assert near(pixels("tinted", 50), (PIXELS + glass) / 2)


def test_compressed_is_what_a_jpeg_of_that_quality_holds():
    file = BytesIO()
    PHOTO.save(file, "JPEG", quality=10)
    np.testing.assert_array_equal(pixels("jpeg", 10), np.asarray(Image.open(file)))


def test_a_jigsaw_holds_the_same_tiles_in_another_order():
    def tiles(of: np.ndarray) -> list[bytes]:
        return [of[y : y + 8, x : x + 8].tobytes() for y in (0, 8, 16) for x in (0, 8, 16)]

    found = pixels("jigsaw", 3).astype(np.uint8)
    before, after = tiles(PIXELS), tiles(found)
    assert sorted(after) == sorted(before)
    assert after != before
    np.testing.assert_array_equal(pixels("jigsaw", 3), found)
    assert (pixels("jigsaw", 3, seed=5) != found).any()


def test_a_jigsaw_of_a_box_leaves_the_rest():
    found = pixels("jigsaw", 2, box=(1, 2, 22, 21))  # two tiles of 10×9, and one row left over
    around = np.ones((24, 24), np.bool_)
    around[2:20, 1:21] = False
    np.testing.assert_array_equal(found[around], PIXELS[around])
    inside = PIXELS[2:20, 1:21]
    assert (found[2:20, 1:21] != inside).any()
    assert found[2:20, 1:21].sum() == inside.astype(int).sum()


@pytest.mark.parametrize("seed", range(8))
def test_two_tiles_a_side_never_stay_as_they_are(seed: int):
    assert (pixels("jigsaw", 2, seed=seed) != PIXELS).any()


def test_more_tiles_than_pixels_get_one_sentence():
    with pytest.raises(UserError, match="fewer than 16 pixels a side; take fewer tiles"):
        changed(Image.new("RGB", (9, 40)), "jigsaw", 16)


def test_smaller_is_scaled_down_and_back():
    stripes = np.zeros((24, 24, 3), np.uint8)
    stripes[:, ::2] = 255
    halved = np.asarray(changed(Image.fromarray(stripes), "smaller", 50)).astype(int)
    assert near(halved, 127.5)  # each two columns are one grey column


def test_painted_over_with_the_mean_colour():
    mean = PIXELS.reshape(-1, 3).mean(0)
    found = pixels("painted", 100, region="centre")
    assert near(found[8:16, 8:16], mean)
    around = np.ones((24, 24), np.bool_)
    around[8:16, 8:16] = False
    np.testing.assert_array_equal(found[around], PIXELS[around])
    half = pixels("painted", 50, region="left half")
    assert near(half[:, :12], (PIXELS[:, :12] + mean) / 2, within=2)
    np.testing.assert_array_equal(half[:, 12:], PIXELS[:, 12:])


def test_a_mask_is_scaled_to_the_box_that_it_is_of():
    mask = np.array([[True, False], [False, False]])
    found = pixels("painted", 100, mask=mask, box=(4, 4, 20, 20))
    assert near(found[4:12, 4:12], PIXELS[4:20, 4:20].reshape(-1, 3).mean(0))
    around = np.ones((24, 24), np.bool_)
    around[4:12, 4:12] = False
    np.testing.assert_array_equal(found[around], PIXELS[around])


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_covers_its_part(region: str):
    share = 0.5 if "half" in region else 1 / 9
    assert painted_part((30, 60), region).mean() == pytest.approx(share)


def test_regions_are_where_their_names_say():
    where = {name: np.argwhere(painted_part((30, 30), name)).mean(0) for name in REGIONS}
    assert where["centre"].tolist() == [14.5, 14.5]
    assert where["upper right"].tolist() == [4.5, 24.5]
    assert where["left"].tolist() == [14.5, 4.5]
    assert where["lower half"].tolist() == [22, 14.5]


def test_an_attack_moves_each_colour_by_whole_levels_along_its_sign():
    found = pixels("attacked", 4, box=(2, 2, 10, 8), signs=SIGNS[:6, :8])
    expected = PIXELS.astype(int)
    expected[2:8, 2:10] = np.clip(expected[2:8, 2:10] + 4 * SIGNS[:6, :8], 0, 255)
    np.testing.assert_array_equal(found, expected)
    with pytest.raises(UserError, match="needs the signs"):
        changed(PHOTO, "attacked", 4)
