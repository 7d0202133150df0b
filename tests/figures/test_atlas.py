from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from made_record import S, Z

from seviz.figures.atlas import View, atlas, order, values
from seviz.figures.gates import gate_scale
from seviz.records.arms import INTACT, TWIN
from seviz.records.sites import Site
from seviz.records.trace import Trace

GATES = {"SE_2_1": S[0], "SE_2_2": S[0, :2]}  # of the first arm: keys to order by


def cells(figure: go.Figure, row: int) -> list[float]:
    return np.asarray(figure.data[row].z)[0].tolist()


def test_the_atlas_has_a_row_a_block_and_shows_the_gates_as_they_are(record: Trace):
    figure = atlas(record, arm=0, show="s")
    assert [row.meta for row in figure.data] == ["SE_2_1", "SE_2_2"]
    assert figure.layout.yaxis.ticktext == ("SE_2_1", "SE_2_2")
    assert cells(figure, 0) == S[0].tolist()
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)


def test_the_atlas_shows_the_arm_that_was_asked_for(record: Trace):
    assert cells(atlas(record, arm=1, show="s"), 0) == S[1].tolist()


def test_rows_of_different_widths_fill_the_same_width(record: Trace):
    for row, channels in zip(atlas(record, arm=0, show="s").data, (4, 2), strict=True):
        assert row.x0 - row.dx / 2 == 0
        assert row.x0 + row.dx * (channels - 0.5) == 1


def test_z_is_coloured_by_its_own_blocks_largest_and_told_raw(record: Trace):
    row = atlas(record, arm=0, show="z").data[0]
    assert np.asarray(row.z)[0].tolist() == [0.25, -1.0, 0.5, 0.0]
    assert (row.zmin, row.zmax) == (-1, 1)
    assert np.asarray(row.text)[0].tolist() == Z[0].tolist()


def test_by_keys_the_largest_comes_first_and_every_cell_knows_its_channel(record: Trace):
    row = atlas(record, arm=0, show="s", keys=GATES).data[0]
    assert np.asarray(row.z)[0].tolist() == sorted(S[0].tolist(), reverse=True)
    assert np.asarray(row.customdata)[0].tolist() == [1, 2, 0, 3]


def test_equal_values_keep_the_order_of_channels():
    assert order(np.array([0.5, 0.7, 0.5], np.float32)).tolist() == [1, 0, 2]


@pytest.fixture
def operated(record: Trace) -> Trace:
    """In the second arm, channels 1 and 2 of SE_2_1 are silenced; SE_2_2 is left alone."""
    applied = record.s_computed["SE_2_1"].copy()
    applied[1, 1:3] = 0
    object.__setattr__(
        record, "s", {"SE_2_1": applied, "SE_2_2": record.s_computed["SE_2_2"].copy()}
    )
    return record


def test_the_applied_gates_are_told_with_what_was_computed(operated: Trace):
    row = atlas(operated, arm=1, show="applied").data[0]
    assert np.asarray(row.z)[0].tolist() == np.float32([0.3, 0, 0, 0.3]).tolist()
    known = np.asarray(row.customdata)[0]
    assert known[:, 0].tolist() == [0, 1, 2, 3]
    assert known[:, 1].tolist() == np.float32([0.3, 0.3, 0.3, 0.3]).tolist()
    assert (row.zmin, row.zmax) == (0, 1)


def test_edited_gates_are_underlined_and_all_others_are_not(operated: Trace):
    *_, lines, points = atlas(operated, arm=1, show="applied").data
    assert lines.x == (0.25, 0.75, None)  # channels 1 and 2 of 4
    assert lines.y == (0.4, 0.4, None)  # under the first row
    assert not points.x  # half of the row is seen well


def test_the_arm_without_edits_has_no_marks(operated: Trace):
    intact = operated.s["SE_2_1"]
    intact[0] = operated.s_computed["SE_2_1"][0]
    *_, lines, points = atlas(operated, arm=0, show="applied").data
    assert not lines.x
    assert not points.x


def test_marks_go_with_the_order_of_the_channels(operated: Trace):
    keys = {name: s[1] for name, s in operated.s.items()}
    *_, lines, _ = atlas(operated, arm=1, show="applied", keys=keys).data
    assert lines.x == (0.5, 1.0, None)  # the two that are 0 come last


def test_a_single_edited_channel_of_many_is_pointed_at(record: Trace):
    site = Site("layer4.0.se", "SE_5_1", 5, 1, 100, 8)
    computed = np.full((2, 100), 0.5, np.float32)
    applied = computed.copy()
    applied[1, 40] = 0
    object.__setattr__(record, "sites", (site,))
    object.__setattr__(record, "s", {"SE_5_1": applied})
    object.__setattr__(record, "s_computed", {"SE_5_1": computed})
    *_, lines, points = atlas(record, arm=1, show="applied").data
    assert lines.x == (0.4, 0.41, None)
    assert points.x == (pytest.approx(0.405),)
    assert points.hoverinfo == "skip"  # the cell under it keeps its label and its clicks


def test_the_order_is_named_under_the_rows(record: Trace):
    (note,) = atlas(record, arm=0, show="s").layout.annotations
    assert note.text == "channel 0 → C−1"
    (note,) = atlas(record, arm=0, show="s", keys=GATES, ordered="s").layout.annotations
    assert note.text == "s"


def test_rows_are_ordered_by_keys_of_anything(record: Trace):
    keys = {"SE_2_1": np.float32([4, 1, 3, 2]), "SE_2_2": np.float32([0, 1])}
    figure = atlas(record, arm=1, show="s", keys=keys)
    assert [np.asarray(row.customdata)[0].tolist() for row in figure.data] == [[0, 2, 3, 1], [1, 0]]
    assert View(0, "s", False, None, gate_scale(record)).ordered(record.sites[1]).tolist() == [0, 1]


def test_a_difference_is_with_minus_without(record: Trace):
    computed = values(record, 1, show="s", difference=True)
    np.testing.assert_array_equal(computed["SE_2_1"], S[0] - S[1])
    np.testing.assert_array_equal(values(record, 1, show="s")["SE_2_1"], S[1])
    figure = atlas(record, arm=1, show="s", difference=True)
    assert cells(figure, 0) == (S[0] - S[1]).tolist()
    (first, *others) = figure.data
    assert first.colorbar.title.text == "s, with − without"
    assert not any(other.showscale for other in others)
    # One scale around 0 for all blocks: 0.96 − 0.3 is the largest.
    limit = float(S[0, 1] - S[1, 1])
    assert [(row.zmin, row.zmax) for row in figure.data] == [(-limit, limit)] * 2
    assert first.colorscale == atlas(record, arm=0, show="z").data[0].colorscale
    assert "s differs by %{text:.4f}" in first.hovertemplate


def test_a_difference_of_z_is_on_each_blocks_own_scale(record: Trace):
    figure = atlas(record, arm=1, show="z", difference=True)
    np.testing.assert_array_equal(cells(figure, 0), (Z[0] - Z[1]) / np.float32(5))
    assert np.asarray(figure.data[0].text)[0].tolist() == (Z[0] - Z[1]).tolist()
    assert figure.data[0].colorbar.title.text == "z, with − without<br>÷ the block's largest"


@pytest.mark.parametrize(
    ("show", "difference", "column"),
    [
        ("s", False, "excitation s"),
        ("z", False, "squeeze z"),
        ("z", True, "z, with − without"),
        ("s", True, "s, with − without"),
        ("applied", False, "gate s as applied"),
        ("applied", True, "s, with gates − edited"),
    ],
)
def test_what_its_cells_hold_is_named_apart_from_their_colours(
    record: Trace, show: str, difference: bool, column: str
):
    figure = atlas(record, arm=1, show=show, difference=difference)
    assert figure.layout.meta["column"] == column


def test_a_title_of_two_lines_has_room_over_the_rows(record: Trace):
    one, two = (atlas(record, arm=0, show=show).layout for show in ("s", "z"))
    assert two.margin.t - one.margin.t == two.height - one.height >= 14  # a line's height


def test_no_difference_at_all_has_a_scale_that_is_not_empty(record: Trace):
    row = atlas(record, arm=0, show="s", difference=True).data[0]
    assert row.zmin < 0 < row.zmax


@pytest.mark.parametrize("show", ["s", "z", "applied"])
@pytest.mark.parametrize("difference", [False, True])
def test_the_twin_has_no_gates_and_the_atlas_says_so(record: Trace, show: str, difference: bool):
    none = {name: np.stack([s[0], np.full_like(s[0], np.nan)]) for name, s in record.s.items()}
    twin = replace(record, arms=(INTACT, TWIN), s=none, s_computed=none, z=none)
    figure = atlas(twin, arm=1, show=show, difference=difference)
    assert not figure.data
    (note,) = figure.layout.annotations
    assert note.text == "This network was trained without SE:<br>it has no gates."
    assert figure.layout.meta["label"] == note.text.replace("<br>", " ")
    assert figure.layout.yaxis.ticktext == ("SE_2_1", "SE_2_2")
    assert len(atlas(twin, arm=0, show="s").data) == 2
