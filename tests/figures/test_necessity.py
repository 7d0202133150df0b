from dataclasses import replace

import numpy as np
import pytest

from seviz.figures.necessity import ROW_PIXELS, necessity_chart
from seviz.records.analysis import Necessity
from seviz.records.target import Contrast
from seviz.records.trace import Answer

FOUND = Necessity(
    model="made",
    rule="static",
    target=Answer(1, "lion", 0.6, 3.0),
    sites=("SE_2_1", "SE_2_2", "SE_3_1"),
    logit=np.array([[-2.0, 0.5, 0.0], [-3.0, 0.25, 0.0]], np.float32),
    probability=np.array([[-0.125, 0.01, 0.0], [-0.5, 0.02, 0.0]]),
    flipped=np.array([[False, False, False], [True, False, False]]),
)


def test_a_bar_a_block_and_a_line_through_it_with_all_after_the_first_on_top():
    figure = necessity_chart(FOUND)
    bars, line, *_ = figure.data
    assert (bars.orientation, bars.name) == ("h", "this block alone")
    assert np.asarray(bars.x).tolist() == [-2.0, 0.5, 0.0]
    assert np.asarray(line.x).tolist() == [-3.0, 0.25, 0.0]
    assert figure.layout.yaxis.ticktext == FOUND.sites
    low, high = figure.layout.yaxis.range
    assert low > high  # so row 0 is on top
    assert figure.layout.xaxis.title.text == "Δlogit of lion"


def test_hovering_tells_both_changes_and_whether_the_answer_stays():
    bars, line, *_ = necessity_chart(FOUND).data
    assert bars.customdata[0] == (
        "SE_2_1, alone<br>Δlogit −2.000, Δprobability −12.5 points<br>the top answer stays"
    )
    assert line.customdata[0] == (
        "SE_2_1, and all after it<br>Δlogit −3.000, Δprobability −50.0 points<br>"
        "the top answer changes"
    )


def test_of_two_classes_the_lead_is_drawn():
    two = Contrast(1, "lion rather than cat", 0.9, 2.0, 0, ("lion", "cat"))
    figure = necessity_chart(replace(FOUND, target=two))
    assert figure.layout.xaxis.title.text == "Δlead of lion over cat"
    assert figure.data[0].customdata[0].startswith("SE_2_1, alone<br>Δlead −2.000, Δprobability")


def test_flips_are_marked_by_a_sign_beyond_the_value_and_not_by_colour_alone():
    signs = necessity_chart(FOUND).data[2]
    assert np.asarray(signs.x).tolist() == [-3.0]
    assert np.asarray(signs.y).tolist() == [0]
    assert list(signs.text) == ["✕"]
    assert list(signs.textposition) == ["middle left"]


def test_the_legend_explains_the_sign_where_there_is_one():
    *_, signs, legend = necessity_chart(FOUND).data
    assert legend.name == "the top answer changes"
    assert legend.legendgroup == signs.legendgroup
    assert legend.marker.symbol == "x-thin"
    calm = replace(FOUND, flipped=np.zeros((2, 3), bool))
    assert len(necessity_chart(calm).data) == 3


def test_two_flips_of_one_block_have_signs_that_do_not_overlap():
    both = replace(FOUND, flipped=np.array([[True, True, False], [True, False, False]]))
    signs = necessity_chart(both).data[2]
    assert np.asarray(signs.y).tolist() == [-0.24, 1.0, 0.24]  # the axis points down
    assert np.asarray(signs.x).tolist() == [-2.0, 0.5, -3.0]
    assert 2 * 0.24 * ROW_PIXELS > 10  # as high as a sign is drawn


@pytest.mark.parametrize("blocks", [1, 16, 50])
def test_each_block_has_its_pixels_and_the_axis_holds_all_values(blocks: int):
    logit = np.linspace(-4, 2, 2 * blocks, dtype=np.float32).reshape(2, blocks)
    many = replace(
        FOUND,
        sites=tuple(f"SE_2_{i + 1}" for i in range(blocks)),
        logit=logit,
        probability=np.zeros((2, blocks)),
        flipped=np.ones((2, blocks), bool),
    )
    figure = necessity_chart(many)
    assert figure.layout.height >= 20 * blocks + 90
    low, high = figure.layout.xaxis.range
    assert low < -4
    assert high > 2
    assert len(figure.data[2].x) == 2 * blocks


def test_an_answer_that_nothing_moves_has_an_axis_too():
    still = replace(FOUND, logit=np.zeros((2, 3), np.float32), flipped=np.zeros((2, 3), bool))
    low, high = necessity_chart(still).layout.xaxis.range
    assert low < 0 < high


def test_a_label_is_text_and_no_template():
    odd = replace(FOUND, target=replace(FOUND.target, label="%{x} lion"), sites=("%{y}", "b", "c"))
    figure = necessity_chart(odd)
    assert all(
        t.hovertemplate == "%{customdata}<extra></extra>" for t in figure.data if t.hovertemplate
    )


def test_a_click_on_a_bar_or_a_point_names_its_block():
    bars, line, signs, _ = necessity_chart(FOUND).data
    assert bars.ids == line.ids == FOUND.sites
    assert signs.ids is None
