import numpy as np
import plotly.graph_objects as go

from seviz.figures.effects import (
    NEGATIVE,
    POSITIVE,
    channel_map,
    drivers_chart,
    effects_map,
    percentile_chart,
)
from seviz.records.analysis import Drivers, Effects
from seviz.records.trace import Answer

FIRST = np.array([0.5, -2.0, 1.0, 0.0], np.float32)
SECOND = np.array([0.25, -0.5], np.float32)
FOUND = Effects(Answer(0, "lion", 0.5, 1.0), {"SE_2_1": FIRST, "SE_2_2": SECOND}, ())


def cells(figure: go.Figure, row: int) -> list[float]:
    return np.asarray(figure.data[row].z)[0].tolist()


def test_the_map_has_a_row_a_block_and_one_symmetric_scale_for_all():
    figure = effects_map(FOUND)
    assert [row.meta for row in figure.data] == ["SE_2_1", "SE_2_2"]
    assert cells(figure, 1) == [0.25, -0.5]
    assert [(row.zmin, row.zmax) for row in figure.data] == [(-2.0, 2.0)] * 2


def test_rows_of_different_widths_fill_the_same_width():
    for row, channels in zip(effects_map(FOUND).data, (4, 2), strict=True):
        assert row.x0 - row.dx / 2 == 0
        assert row.x0 + row.dx * (channels - 0.5) == 1


def test_the_most_helpful_comes_first_and_every_cell_knows_its_channel():
    row = effects_map(FOUND).data[0]
    assert np.asarray(row.z)[0].tolist() == [1.0, 0.5, 0.0, -2.0]
    assert np.asarray(row.customdata)[0].tolist() == [2, 0, 3, 1]


def test_effects_that_are_all_zero_have_a_scale_that_is_not_empty():
    nothing = Effects(FOUND.target, {"SE_2_1": np.zeros(3, np.float32)}, ())
    row = effects_map(nothing).data[0]
    assert row.zmin < 0 < row.zmax


def made_drivers(jacobian: list[float]) -> Drivers:
    z = np.arange(len(jacobian), dtype=np.float32) / 2
    return Drivers("SE_2_1", 3, z, np.array(jacobian, np.float32))


def test_the_largest_drivers_of_both_signs_are_shown_with_their_numbers_and_z():
    figure = drivers_chart(made_drivers([0.5, -1.0, 2.0, 0.0, -3.0, 0.25]), top=2)
    bars = figure.data[0]
    assert figure.layout.yaxis.ticktext == ("z 2", "z 0", "z 1", "z 4")
    assert np.asarray(bars.x).tolist() == [2.0, 0.5, -1.0, -3.0]
    assert list(bars.marker.color) == [POSITIVE, POSITIVE, NEGATIVE, NEGATIVE]
    assert np.asarray(bars.customdata).tolist() == [[2, 1.0], [0, 0.0], [1, 0.5], [4, 2.0]]


def test_a_driver_is_shown_once_and_only_on_its_side():
    figure = drivers_chart(made_drivers([1.0, 3.0, 2.0]), top=2)
    assert np.asarray(figure.data[0].x).tolist() == [3.0, 2.0]


def test_a_gate_that_nothing_drives_is_an_empty_chart():
    assert not len(drivers_chart(made_drivers([0.0, 0.0]), top=2).data[0].x)


def test_percentiles_are_sorted_and_this_channel_is_marked_at_its_place():
    figure = percentile_chart("SE_2_1", np.array([80.0, 10.0, 50.0]), 0)
    usual, dots, marked = figure.data
    assert np.asarray(dots.y).tolist() == [10.0, 50.0, 80.0]
    assert np.asarray(dots.customdata).tolist() == [1, 2, 0]
    assert (marked.x, marked.y) == ((2,), (80.0,))
    assert (usual.x, usual.y) == ((0, 2), (0, 100))
    assert figure.layout.annotations[0].text == "◆ channel 0: percentile 80"


def test_a_block_of_one_channel_has_a_percentile_too():
    figure = percentile_chart("SE_2_1", np.array([30.0]), 0)
    assert figure.data[2].y == (30.0,)
    assert figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


def test_any_signed_values_of_channels_are_drawn_under_their_name():
    figure = channel_map({"SE_2_1": FIRST}, name="share", label="Shares")
    assert figure.data[0].colorbar.title.text == "share"
    assert "share = %{z:.4g}" in figure.data[0].hovertemplate
    assert figure.layout.meta["label"] == "Shares"
    assert figure.layout.xaxis.range == (0, 1)
