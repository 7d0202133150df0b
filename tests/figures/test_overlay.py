import base64
import io

import numpy as np
import pytest
from PIL import Image

from seviz.figures import style
from seviz.figures.overlay import HEIGHT, data_uri, over_photo

VALUES = np.float32([[1, -2, 3], [0, 4, -5]])  # 2×3, over a photograph of 40×30


def test_a_map_lies_over_all_of_its_photograph():
    made = over_photo(VALUES, 5, "data:x", shape=(40, 30, 3), name="U", label="a map")
    (heatmap,), (photo,) = made.data, made.layout.images
    np.testing.assert_array_equal(heatmap.z, VALUES)
    assert (heatmap.zmin, heatmap.zmax, heatmap.opacity) == (-5, 5, 0.8)
    assert (photo.source, photo.layer, photo.sizing) == ("data:x", "below", "stretch")
    assert (photo.x, photo.y, photo.sizex, photo.sizey) == (-0.5, -0.5, 3, 2)
    assert made.layout.xaxis.range == (-0.5, 2.5)
    assert made.layout.yaxis.range == (1.5, -0.5)  # rows are counted from the top
    # A cell is 20 pixels high and 10 wide.
    assert made.layout.yaxis.scaleratio == pytest.approx(2)
    assert (made.layout.height, made.layout.meta) == (HEIGHT, {"label": "a map"})
    assert "U = " in heatmap.hovertemplate
    assert made.layout.annotations == ()


def test_a_title_a_height_and_another_look_are_taken():
    scale = style.evidence("for")
    made = over_photo(
        VALUES,
        5,
        "",
        shape=(2, 3),
        name="U",
        label="",
        title="Intact",
        height=99,
        colorscale=scale,
        opacity=1,
    )
    assert made.layout.annotations[0].text == "Intact"
    assert (made.layout.height, made.data[0].opacity) == (99, 1)
    assert [tuple(step) for step in made.data[0].colorscale] == scale


def test_the_scale_of_colours_can_be_left_out_with_its_room():
    with_bar = over_photo(VALUES, 5, "", shape=(2, 3), name="U", label="")
    without = over_photo(VALUES, 5, "", shape=(2, 3), name="U", label="", bar=False)
    assert (with_bar.data[0].showscale, without.data[0].showscale) == (True, False)
    assert with_bar.layout.margin.t > without.layout.margin.t


def test_a_picture_travels_whole_within_its_address():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 3), np.uint8)
    kind, _, code = data_uri(pixels).partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(code))) as back:
        np.testing.assert_array_equal(np.asarray(back), pixels)
