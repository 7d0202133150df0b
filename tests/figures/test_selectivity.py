import pytest
from made_classes import measured

from seviz.figures.selectivity import (
    CHANCE,
    CONSTANT,
    NEIGHBOURS,
    SATURATED,
    SELECTIVITY,
    SHARE,
    selectivity_chart,
)

NEW = {"share": 0.2, "share_low": 0.15, "share_high": 0.3, "neighbours": 0.05}
BLOCKS = [
    measured("SE_2_1", 0.1, constant=0.5, **NEW),
    measured("SE_3_1", 0.3, saturated=0.25, **NEW),
    measured("SE_3_2", 0.2, **NEW),
]


def test_every_measure_is_drawn_and_a_click_names_the_block():
    drawn = {trace.name: trace for trace in selectivity_chart(BLOCKS, chance=0.01).data}
    assert drawn[SELECTIVITY].y == (0.1, 0.3, 0.2)
    assert drawn[CONSTANT].y == (0.5, 0, 0)
    assert drawn[SATURATED].y == (0, 0.25, 0)
    assert drawn[NEIGHBOURS].y == (0.05,) * 3
    assert drawn[CHANCE].y == (0.01,) * 3
    error = drawn[SHARE].error_y
    assert error.array == pytest.approx((0.1,) * 3)
    assert error.arrayminus == pytest.approx((0.05,) * 3)
    assert drawn[SHARE].ids == ("SE_2_1", "SE_3_1", "SE_3_2")


def test_older_statistics_have_neither_intervals_nor_neighbours():
    found = selectivity_chart([measured("SE_2_1", 0.1), measured("SE_2_2", 0.3)], chance=0.01)
    assert {trace.name for trace in found.data} == {SHARE, SELECTIVITY, CONSTANT, SATURATED}
    assert found.data[0].error_y.array is None
    assert found.layout.xaxis.anchor == "y2"


def test_a_line_stands_between_stages():
    shapes = selectivity_chart(BLOCKS, chance=0.01).layout.shapes
    assert [shape.x0 for shape in shapes] == [0.5]
