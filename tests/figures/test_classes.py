import time

import numpy as np
import plotly.graph_objects as go
import pytest
from made_classes import MEANS, made_curves

from seviz.figures import style
from seviz.figures.classes import DIGITS, NARROW_COLUMNS, class_curves, class_grid, gate_range
from seviz.records.classes import ClassCurve, ClassCurves

BLOCKS = [made_curves(block=f"SE_2_{i}") for i in range(1, 6)]


def test_every_line_has_the_classs_means_in_the_order():
    found = class_curves(made_curves(photo=True), order="mean")
    order = [1, 3, 0, 2]
    assert [line.name for line in found.data] == [
        "all images",
        "ant",
        "bee",
        "cat",
        "the photograph",
    ]
    for line, values in zip(found.data[1:4], MEANS, strict=True):
        np.testing.assert_allclose(line.y, values[order], atol=10.0**-DIGITS)
        assert line.y.dtype == np.float32
    for line in found.data:
        assert line.customdata.tolist() == order
        assert line.meta["block"] == "SE_2_1"
    assert found.data[4].line.dash == "dash"
    assert found.data[0].line.color == style.NEUTRAL
    assert len({line.line.color for line in found.data}) == 5


def test_a_band_is_one_deviation_to_either_side():
    plain, banded = class_curves(made_curves(0)), class_curves(made_curves(0), band=True)
    low, high = banded.data[:2]
    np.testing.assert_allclose(low.y, 0.9 * MEANS[0], atol=10.0**-DIGITS)
    np.testing.assert_allclose(high.y, 1.1 * MEANS[0], atol=10.0**-DIGITS)
    assert (low.fill, high.fill, low.hoverinfo) == (None, "tonexty", "skip")
    assert banded.data[2:] == plain.data


def test_the_axis_is_that_of_sigmoids_unless_gates_are_beyond_it():
    def of(mean: list[float]) -> ClassCurves:
        values = np.float32(mean)
        curve = ClassCurve(0, "n0", "ant", 1, values, values)
        return ClassCurves("SE_2_1", (curve,), values)

    assert gate_range([of([0.2, 0.9])]) == (0, 1)
    assert gate_range([of([0.2, 2.5]), of([0.1, 0.1])]) == (0, 2.5)
    assert gate_range([of([-0.2, 0.5])]) == (-1, 1)


def test_small_charts_have_axes_of_their_own_and_one_legend():
    found = class_grid(BLOCKS, chosen="SE_2_3")
    assert [title.text for title in found.layout.annotations] == [
        "SE_2_1",
        "SE_2_2",
        "<b>SE_2_3</b>",
        "SE_2_4",
        "SE_2_5",
    ]
    assert [line.name for line in found.data if line.showlegend] == [
        "all images",
        *["ant", "bee", "cat"],
    ]
    assert {line.xaxis for line in found.data} == {"x", "x2", "x3", "x4", "x5"}
    assert all(line.customdata is None for line in found.data)  # a click names the block
    assert found.layout.xaxis2.domain[0] > found.layout.xaxis.domain[1]
    assert found.layout.yaxis5.domain[1] < found.layout.yaxis.domain[0]


def test_a_narrow_page_has_fewer_columns_that_do_not_overlap():
    narrow = class_grid(BLOCKS).layout.meta["narrow"]
    assert narrow["height"] > class_grid(BLOCKS).layout.height
    places = narrow["layout"]
    assert (
        len({tuple(places[f"xaxis{i or ''}"]["domain"]) for i in ("", 2, 3, 4, 5)})
        == NARROW_COLUMNS
    )
    columns = [places["yaxis"], places["yaxis3"], places["yaxis5"]]
    assert columns[0]["domain"][0] > columns[1]["domain"][1]
    assert columns[1]["domain"][0] > columns[2]["domain"][1]
    assert columns[2]["domain"][0] == pytest.approx(0, abs=1e-9)


def large(block: int) -> ClassCurves:
    rng = np.random.default_rng(block)
    means = rng.random((6, 896)).astype(np.float32)
    classes = tuple(ClassCurve(i, f"n{i}", f"c{i}", 5, m, m) for i, m in enumerate(means))
    return ClassCurves(f"SE_5_{block}", classes, means.mean(0), means[0])


def test_sixteen_blocks_of_896_channels_and_six_classes_are_small():
    text = class_grid([large(i) for i in range(16)], order="mean").to_json()
    assert len(text) < 900_000
    started = time.process_time()
    class_curves(large(0), order="difference", band=True).to_json()
    assert time.process_time() - started < 1


@pytest.mark.parametrize("order", ["channel", "mean", "difference"])
def test_the_label_names_the_classes(order: str):
    found = class_curves(made_curves(), order=order)
    assert isinstance(found, go.Figure)
    assert (
        found.layout.meta["label"] == "Mean gates of ant, bee and cat in SE_2_1, channel by channel"
    )


def test_a_sample_of_channels_stands_at_their_numbers():
    found = class_curves(made_curves(), most=2)
    assert found.data[1].x.tolist() == found.data[1].customdata.tolist() == [0, 3]
    assert found.layout.xaxis.title.text == "2 of 4 channels, by number"
    assert class_curves(made_curves(), order="mean").data[0].x is None
