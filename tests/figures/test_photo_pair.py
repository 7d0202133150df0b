import numpy as np
import plotly.graph_objects as go
import pytest
from made_pair import FIRST, SECOND, THREE
from made_profile import made_block, made_profile

from seviz.analysis.photo_pair import MEASURES, compare_photographs
from seviz.figures.photo_pair import CONSTANT, LEAST, pair_chart
from seviz.reference.profile import Profile

EVENLY = (np.arange(33) / 32).astype(np.float32)


@pytest.fixture
def profile() -> Profile:
    """Reference pairs at 0 … 1 by cosine and 0 … 2 by difference; the second block is constant."""
    spread = {"cosine_quantiles": EVENLY, "difference_quantiles": 2 * EVENLY}
    return made_profile(made_block(**spread), made_block(**spread, s_std=THREE / 100))


def by_name(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if trace.name}


@pytest.mark.parametrize(("measure", "scale"), [("cosine", 1), ("difference", 2)])
def test_the_pair_is_drawn_over_the_quantiles_of_reference_pairs(profile, measure, scale):
    pair = compare_photographs(FIRST, SECOND, profile)
    figure = pair_chart(pair, profile, measure)
    drawn = by_name(figure)
    for name, level in (("5–95 % of reference pairs", 0.95), ("25–75 %", 0.75), ("median", 0.5)):
        assert drawn[name].x == ("SE_2_1", "SE_2_2")
        assert drawn[name].y == pytest.approx([scale * level] * 2)
    low = [trace.y for trace in figure.data if not trace.name]
    assert low == [pytest.approx([scale * 0.05] * 2), pytest.approx([scale * 0.25] * 2)]
    line = drawn["these two photographs"]
    assert line.y == tuple(block.value(measure) for block in pair.blocks)
    assert figure.layout.yaxis.type == "log"


def test_a_block_that_is_constant_is_hollow_and_the_legend_says_why(profile):
    drawn = by_name(pair_chart(compare_photographs(FIRST, SECOND, profile), profile, "cosine"))
    assert drawn["these two photographs"].marker.symbol == ("circle", "circle-open")
    assert drawn[CONSTANT].marker.symbol == "circle-open"


def test_a_point_tells_its_distance_and_its_place(profile):
    drawn = by_name(pair_chart(compare_photographs(FIRST, SECOND, profile), profile, "difference"))
    assert drawn["these two photographs"].customdata[0] == (
        "SE_2_1: mean |Δs| 0.2<br>farther than 10 % of reference pairs"
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_without_a_reference_the_pair_stands_alone(measure: str):
    figure = pair_chart(compare_photographs(FIRST, SECOND, None), None, measure)
    assert [trace.name for trace in figure.data] == ["these two photographs"]
    assert "reference" not in figure.data[0].customdata[0]


def test_a_reference_of_one_image_has_no_bands():
    unknown = np.full(33, np.nan, np.float32)
    lonely = made_block(cosine_quantiles=unknown, difference_quantiles=unknown, s_std=THREE)
    profile = made_profile(lonely, lonely)
    figure = pair_chart(compare_photographs(FIRST, SECOND, profile), profile, "cosine")
    assert len(figure.data) == 1


def test_equal_photographs_are_drawn_though_a_logarithm_knows_no_zero(profile):
    figure = pair_chart(compare_photographs(FIRST, FIRST, profile), profile, "cosine")
    line = by_name(figure)["these two photographs"]
    assert line.y == (LEAST, LEAST)
    assert line.customdata[0].startswith("SE_2_1: cosine distance of s 0<br>farther than 0 %")


def test_a_click_on_a_point_names_its_block(profile):
    drawn = by_name(pair_chart(compare_photographs(FIRST, SECOND, profile), profile, "cosine"))
    assert drawn["these two photographs"].ids == ("SE_2_1", "SE_2_2")
    assert drawn["median"].ids is None
