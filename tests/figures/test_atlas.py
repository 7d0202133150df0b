import numpy as np
import plotly.graph_objects as go
import pytest
from made_record import S, Z

from seviz.figures.atlas import atlas, channel_at, order
from seviz.records.sites import Site
from seviz.records.trace import Trace


def cells(figure: go.Figure, row: int) -> list[float]:
    return np.asarray(figure.data[row].z)[0].tolist()


def test_the_atlas_has_a_row_a_block_and_shows_the_gates_as_they_are(record: Trace):
    figure = atlas(record, arm=0, show="s", sort="channel")
    assert [row.meta for row in figure.data] == ["SE_2_1", "SE_2_2"]
    assert figure.layout.yaxis.ticktext == ("SE_2_1", "SE_2_2")
    assert cells(figure, 0) == S[0].tolist()
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)


def test_the_atlas_shows_the_arm_that_was_asked_for(record: Trace):
    assert cells(atlas(record, arm=1, show="s", sort="channel"), 0) == S[1].tolist()


def test_rows_of_different_widths_fill_the_same_width(record: Trace):
    for row, channels in zip(
        atlas(record, arm=0, show="s", sort="channel").data, (4, 2), strict=True
    ):
        assert row.x0 - row.dx / 2 == 0
        assert row.x0 + row.dx * (channels - 0.5) == 1


def test_z_is_coloured_by_its_own_blocks_largest_and_told_raw(record: Trace):
    row = atlas(record, arm=0, show="z", sort="channel").data[0]
    assert np.asarray(row.z)[0].tolist() == [0.25, -1.0, 0.5, 0.0]
    assert (row.zmin, row.zmax) == (-1, 1)
    assert np.asarray(row.text)[0].tolist() == Z[0].tolist()


def test_by_value_the_largest_comes_first_and_every_cell_knows_its_channel(record: Trace):
    row = atlas(record, arm=0, show="s", sort="value").data[0]
    assert np.asarray(row.z)[0].tolist() == sorted(S[0].tolist(), reverse=True)
    assert np.asarray(row.customdata)[0].tolist() == [1, 2, 0, 3]


@pytest.mark.parametrize(("sort", "channels"), [("channel", [0, 1, 2, 3]), ("value", [1, 2, 0, 3])])
def test_a_cells_place_leads_back_to_its_channel(record: Trace, sort: str, channels: list[int]):
    places = [channel_at(record, "SE_2_1", p, arm=0, show="s", sort=sort) for p in range(4)]
    assert places == channels


@pytest.mark.parametrize("position", [-1, 4, 10**9])
def test_a_place_that_is_no_cell_is_an_index_error(record: Trace, position: int):
    with pytest.raises(IndexError):
        channel_at(record, "SE_2_1", position, arm=0, show="s", sort="value")


def test_equal_values_keep_the_order_of_channels():
    assert order(np.array([0.5, 0.7, 0.5], np.float32), "value").tolist() == [1, 0, 2]


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
    row = atlas(operated, arm=1, show="applied", sort="channel").data[0]
    assert np.asarray(row.z)[0].tolist() == np.float32([0.3, 0, 0, 0.3]).tolist()
    known = np.asarray(row.customdata)[0]
    assert known[:, 0].tolist() == [0, 1, 2, 3]
    assert known[:, 1].tolist() == np.float32([0.3, 0.3, 0.3, 0.3]).tolist()
    assert (row.zmin, row.zmax) == (0, 1)


def test_edited_gates_are_underlined_and_all_others_are_not(operated: Trace):
    *_, lines, points = atlas(operated, arm=1, show="applied", sort="channel").data
    assert lines.x == (0.25, 0.75, None)  # channels 1 and 2 of 4
    assert lines.y == (0.4, 0.4, None)  # under the first row
    assert not points.x  # half of the row is seen well


def test_the_arm_without_edits_has_no_marks(operated: Trace):
    intact = operated.s["SE_2_1"]
    intact[0] = operated.s_computed["SE_2_1"][0]
    *_, lines, points = atlas(operated, arm=0, show="applied", sort="channel").data
    assert not lines.x
    assert not points.x


def test_marks_go_with_the_order_of_the_channels(operated: Trace):
    *_, lines, _ = atlas(operated, arm=1, show="applied", sort="value").data
    assert lines.x == (0.5, 1.0, None)  # the two that are 0 come last


def test_a_single_edited_channel_of_many_is_pointed_at(record: Trace):
    site = Site("layer4.0.se", "SE_5_1", 5, 1, 100, 8)
    computed = np.full((2, 100), 0.5, np.float32)
    applied = computed.copy()
    applied[1, 40] = 0
    object.__setattr__(record, "sites", (site,))
    object.__setattr__(record, "s", {"SE_5_1": applied})
    object.__setattr__(record, "s_computed", {"SE_5_1": computed})
    *_, lines, points = atlas(record, arm=1, show="applied", sort="channel").data
    assert lines.x == (0.4, 0.41, None)
    assert points.x == (pytest.approx(0.405),)
    assert points.hoverinfo == "skip"  # the cell under it keeps its label and its clicks
