"""Where a picture comes from: its bytes, or a path."""

import os

import numpy as np
import pytest
from image_files import encode, values
from PIL import ExifTags, Image

from seviz.errors import UserError
from seviz.photos.read import as_rgb, read_photo


def test_a_path_is_read_like_its_bytes(tmp_path):
    data = encode(values([10, 20], [30, 40]), "PNG")
    file = tmp_path / "photo.dat"  # the name does not matter
    file.write_bytes(data)
    assert read_photo(file).tobytes() == read_photo(str(file)).tobytes()
    assert read_photo(file).getpixel((1, 0)) == (20, 20, 20)


def test_paths_that_are_no_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda path: pytest.fail("it was read"))
    large = tmp_path / "large.png"
    large.touch()
    os.truncate(large, 21_000_000)
    for path, sentence in {
        large: "is 21.0 MB and the limit is 20 MB",
        tmp_path: "is a folder: give the path of one picture",
        tmp_path / "none.png": "none.png is not there",
        "nul\0.png": "is not there",
        "x" * 300: "cannot be read",
    }.items():
        with pytest.raises(UserError, match=sentence):
            read_photo(path)


def test_any_picture_becomes_rgb_as_it_is_shown_and_nothing_else_does(tmp_path):
    half = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    assert as_rgb(half).getpixel((0, 0)) == (255, 255, 255)
    assert as_rgb(Image.new("L", (2, 1), 7)).getpixel((0, 0)) == (7, 7, 7)
    colours = Image.new("RGB", (2, 1), "teal")
    assert as_rgb(colours) is colours
    colours.save(tmp_path / "a.png")
    for given in (str(tmp_path / "a.png"), tmp_path / "a.png", (tmp_path / "a.png").read_bytes()):
        assert as_rgb(given).getpixel((0, 0)) == (0, 128, 128)
    with pytest.raises(UserError, match=r"or an array H×W×3, not int; seviz\.read_photo reads"):
        as_rgb(3)


def test_an_opened_picture_is_turned_upright_as_its_file_is(tmp_path):
    exif, file = Image.Exif(), tmp_path / "turned.jpg"
    exif[ExifTags.Base.Orientation] = 6
    for mode in ("RGB", "L"):
        Image.linear_gradient("L").resize((48, 16)).convert(mode).save(file, exif=exif)
        with Image.open(file) as opened:
            assert as_rgb(opened).tobytes() == read_photo(file).tobytes()
            assert as_rgb(opened).size == (16, 48)


def test_what_pillow_can_not_give_is_a_sentence(tmp_path):
    file = tmp_path / "cut.png"
    file.write_bytes(encode(values([10, 20], [30, 40]), "PNG")[:-30])
    with Image.open(file) as cut:
        for photo in (cut, Image.new("RGB", (0, 0))):
            with pytest.raises(UserError, match="This picture can't be read"):
                as_rgb(photo)
    with pytest.raises(UserError, match="This picture can't be read"):
        as_rgb(cut)  # closed by now


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_an_array_of_bytes_or_of_numbers_from_0_to_1_is_a_photograph(kind):
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    for given in (pixels, pixels[::-1][::-1], (pixels / 255).astype(kind)):
        np.testing.assert_array_equal(np.asarray(as_rgb(given)), pixels)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (np.zeros((3, 4, 4)), "RGB of H×W×3 pixels, and this one is 3×4×4; put the colours last"),
        (np.zeros((4, 4), np.uint8), "and this one is 4×4"),
        (np.zeros((0, 4, 3)), "and this one is 0×4×3"),
        (np.array(1.0), "and this one is one number"),
        (np.full((1, 1, 3), 255.0), "this one is of float64, and others are in it"),
        (np.full((1, 1, 3), np.nan), "and others are in it"),
        (np.zeros((1, 1, 3), np.int64), r"numbers from 0 to 1 \(float\); this one is of int64\.$"),
        (np.zeros((1, 1, 3), bool), "of bool"),
    ],
)
def test_another_array_is_a_sentence(given, says: str):
    with pytest.raises(UserError, match=says):
        as_rgb(given)
