import pytest
from markupsafe import Markup

from seviz.drawing import svg
from seviz.drawing.lane import BESIDE, BOX, GAP, LOW, TALL, Lane, Sheet
from seviz.words.block import shape_words

SHAPE = (64, 8, 8)


@pytest.fixture
def lane() -> Lane:
    return Lane(Sheet(), 100, 10, shape=SHAPE, kind="kind", width=80)


def test_fields_lie_behind_all_else_and_later_ones_behind_earlier_ones():
    sheet = Sheet()
    sheet.draw(Markup("a"), Markup("b"))
    sheet.put_behind(Markup("inner"))
    sheet.draw(Markup("c"))
    sheet.put_behind(Markup("outer"))
    assert sheet.svg() == "outerinnerabc"


def test_an_arrow_leads_to_the_next_step_and_says_what_passes(lane: Lane):
    lane.symbol = "U"
    lane.arrow()
    middle = 10 + (GAP - svg.HEAD) / 2  # of the shaft
    assert lane.sheet.front == [
        svg.text((100 - BESIDE, middle), "U", "symbol", anchor="end"),
        svg.text((100 + BESIDE, middle), shape_words(SHAPE), "shape"),
        svg.arrow([(100, 10), (100, 10 + GAP)], "kind"),
    ]
    assert (lane.y, lane.symbol) == (10 + GAP, "")


def test_what_an_arrow_is_told_comes_before_what_the_lane_knows(lane: Lane):
    lane.symbol = "U"
    lane.arrow("z", length=60, shaped=False)
    assert lane.sheet.front == [
        svg.text((100 - BESIDE, 10 + (GAP - svg.HEAD) / 2), "z", "symbol", anchor="end"),
        svg.arrow([(100, 10), (100, 70)], "kind"),
    ]
    assert (lane.y, lane.symbol) == (70, "")


def test_a_line_arrives_nowhere_and_may_have_a_note(lane: Lane):
    lane.line("s", length=20, shaped=True, note="shortcut")
    assert lane.sheet.front == [
        svg.text((100 + BESIDE, 20), "shortcut", "note"),
        svg.text((100 - BESIDE, 20), "s", "symbol", anchor="end"),
        svg.text((100 + BESIDE, 20), shape_words(SHAPE), "shape"),
        svg.line([(100, 10), (100, 30)], "kind"),
    ]
    lane.line()
    assert lane.sheet.front[4:] == [svg.line([(100, 30), (100, 30 + GAP)], "kind")]


def test_a_box_of_one_line_is_lower_than_one_of_two(lane: Lane):
    lane.box("Pool")
    assert lane.sheet.front == [
        svg.box(100, 10, width=80, height=LOW, kind="box kind"),
        svg.text((100, 10 + LOW / 2), "Pool", "name", anchor="middle"),
    ]
    lane.box("Conv", "3×3", kind="other", width=50)
    top = 10 + LOW
    assert lane.sheet.front[2:] == [
        svg.box(100, top, width=50, height=TALL, kind="box other"),
        svg.text((100, top + 14), "Conv", "name", anchor="middle"),
        svg.text((100, top + 29), "3×3", "more", anchor="middle"),
    ]
    assert lane.y == top + TALL


def test_a_lane_is_as_wide_as_a_box_unless_told():
    assert Lane(Sheet(), 0, 0, shape=SHAPE).width == BOX
