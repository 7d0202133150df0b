import base64
import io

import numpy as np
import pytest
from PIL import Image

from seviz.figures.inspector import SMALL_HISTOGRAM, SMALL_MAP, channel_figures
from seviz.figures.overlay import HEIGHT, grey
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps

GATES = np.array([0.25, 0.5], np.float32)


def test_a_channels_maps_share_one_symmetric_scale_and_differ_by_its_gate():
    u = np.array([[[0.0, 1.0], [2.0, -4.0]], [[9.0, 9.0], [9.0, 9.0]]], np.float32)
    maps = FeatureMaps(Site("p", "SE_2_1", 2, 1, 2, 1), u, GATES, GATES, u.mean((1, 2)))
    seen = np.full((8, 8, 3), (10, 20, 30), np.uint8)
    figures = channel_figures(maps, 0, seen)
    before, after = figures.before.data[0], figures.after.data[0]
    assert np.array_equal(before.z, u[0])
    assert np.array_equal(after.z, 0.25 * u[0])
    assert (before.zmin, before.zmax) == (after.zmin, after.zmax) == (-4.0, 4.0)
    over = figures.before.layout.images[0]  # two rows and columns: the photograph fills them
    assert (over.x, over.y, over.sizex, over.sizey) == (-0.5, -0.5, 2, 2)
    source = over.source
    picture = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1])))
    assert np.array_equal(np.asarray(picture), grey(seen))  # so that all colour is the map’s


def test_the_histogram_marks_the_channel_and_reaches_gates_outside_0_to_1():
    u = np.ones((3, 1, 1), np.float32)
    gates = np.array([-0.5, 0.5, 1.5], np.float32)
    maps = FeatureMaps(Site("p", "SE_2_1", 2, 1, 3, 1), u, gates, gates, gates)
    figure = channel_figures(maps, 2, np.zeros((2, 2, 3), np.uint8)).gates
    assert figure.layout.shapes[0].x0 == 1.5
    assert figure.layout.xaxis.range == (-0.5, 1.5)
    assert "1.500" in figure.layout.annotations[0].text


def test_where_another_gate_is_applied_the_map_is_named_by_it_and_the_histogram_marks_it():
    u = np.array([[[2.0, -4.0]], [[1.0, 1.0]]], np.float32)
    site = Site("p", "SE_2_1", 2, 1, 2, 1)
    applied = np.array([1.25, 0.5], np.float32)
    maps = FeatureMaps(site, u, applied, GATES, u.mean((1, 2)))
    figures = channel_figures(maps, 0, np.zeros((2, 2, 3), np.uint8))
    assert np.array_equal(figures.after.data[0].z, 1.25 * u[0])
    assert "1.25·U = " in figures.after.data[0].hovertemplate
    assert figures.gates.layout.shapes[0].x0 == 1.25
    assert figures.gates.layout.xaxis.range == (0, 1.25)
    assert figures.gates.layout.annotations[0].text == "applied here: 1.250 (s computed: 0.250)"
    assert np.array_equal(figures.gates.data[0].x, GATES)  # what the block computed
    same = channel_figures(maps, 1, np.zeros((2, 2, 3), np.uint8))
    assert "s·U = " in same.after.data[0].hovertemplate
    assert same.gates.layout.annotations[0].text == "this channel: 0.500"


def test_a_dead_channel_is_drawn_on_a_scale_that_is_not_empty():
    nothing = np.zeros(1, np.float32)
    maps = FeatureMaps(
        Site("p", "SE_2_1", 2, 1, 1, 1), np.zeros((1, 2, 2), np.float32), nothing, nothing, nothing
    )
    figure = channel_figures(maps, 0, np.zeros((2, 2, 3), np.uint8)).before
    assert figure.data[0].zmin < 0 < figure.data[0].zmax


@pytest.mark.parametrize(
    ("excitation", "span"), [("sigmoid", (0, 1)), ("tanh", (-1, 1)), ("relu", (0, 1))]
)
def test_a_channels_histogram_spans_what_its_gates_can_be(excitation: str, span: tuple[int, int]):
    site = Site("p", "SE_2_1", 2, 1, 2, 1, excitation)
    s = np.array([0.25, 0.5], np.float32)
    maps = FeatureMaps(site, np.ones((2, 1, 1), np.float32), s, s, s)
    assert channel_figures(maps, 0, np.zeros((2, 2, 3), np.uint8)).gates.layout.xaxis.range == span


def test_small_figures_say_their_scale_in_words_and_leave_the_bar_out():
    u = np.array([[[0.0, 1.0], [2.0, -4.0]]], np.float32)
    s = np.float32([0.25])
    maps = FeatureMaps(Site("p", "SE_2_1", 2, 1, 1, 1), u, s, s, s)
    seen = np.zeros((2, 2, 3), np.uint8)
    small, large = (channel_figures(maps, 0, seen, small=size) for size in (True, False))
    assert [f.layout.height for f in (small.before, small.after, small.gates)] == [
        SMALL_MAP,
        SMALL_MAP,
        SMALL_HISTOGRAM,
    ]
    assert small.before.layout.annotations[0].text == "U (±4)"
    assert small.after.layout.annotations[0].text == "s·U (±4)"
    assert not small.before.data[0].showscale
    assert large.before.data[0].showscale
    assert not large.before.layout.annotations
    assert np.array_equal(small.after.data[0].z, large.after.data[0].z)
    assert large.gates.layout.height == large.before.layout.height == HEIGHT
