import re
from dataclasses import replace

import numpy as np
import pytest
from made import made_maps, made_shares, spot

from seviz.figures import style
from seviz.figures.explanation import (
    Look,
    grey,
    pictures,
    shares_chart,
    shares_map,
    sweep,
)
from seviz.records.target import Contrast
from seviz.words.explanations import map_figures

FOUND = made_maps(spot(0, 0), -2 * spot(7, 7))
SEEN = np.full((24, 24, 3), (200, 100, 0), np.uint8)
NAMES = ("with gates", "without gates")


def values(figure) -> np.ndarray:
    return np.asarray(figure.data[0].z)


def test_both_maps_and_their_difference_share_one_symmetric_scale():
    drawn = pictures(FOUND, SEEN, NAMES, value="evidence", look=Look())
    each = (drawn.first, drawn.second, drawn.difference)
    assert {(f.data[0].zmin, f.data[0].zmax) for f in each} == {(-2.0, 2.0)}
    np.testing.assert_array_equal(values(drawn.difference), FOUND.pixels[0] - FOUND.pixels[1])


def test_the_regions_that_the_page_names_are_framed():
    found = made_maps(spot(0, 0), spot(0, 0) + spot(3, 7))  # the upper left loses, the right gains
    drawn = pictures(found, SEEN, NAMES, value="evidence", look=Look())
    said = map_figures(found, NAMES)
    assert "The upper left loses most" in said
    assert "the right gains most" in said
    assert not drawn.first.layout.shapes
    assert not drawn.second.layout.shapes
    loser, gainer = drawn.difference.layout.shapes
    assert (loser.x0, loser.x1, loser.y0, loser.y1) == (-0.5, 7.5, -0.5, 7.5)
    assert (gainer.x0, gainer.x1, gainer.y0, gainer.y1) == (15.5, 23.5, 7.5, 15.5)
    texts = [note.text for note in drawn.difference.layout.annotations]
    assert texts[-2:] == ["share<br>falls most", "share<br>grows most"]
    assert len(texts) == 3  # its title comes first


def test_a_frame_of_a_size_that_3_does_not_divide_holds_the_pixels_that_are_counted():
    first, second = np.zeros((2, 32, 32))
    first[10, 31] = second[11, 10] = (
        1.0  # rows 0 to 10 are the upper third of 32, 11 to 21 the next
    )
    drawn = pictures(made_maps(first, second), SEEN, NAMES, value="evidence", look=Look())
    loser, gainer = drawn.difference.layout.shapes
    assert (loser.x0, loser.x1, loser.y0, loser.y1) == (21.5, 31.5, -0.5, 10.5)
    assert (gainer.x0, gainer.x1, gainer.y0, gainer.y1) == (-0.5, 10.5, 10.5, 21.5)


def test_where_no_region_is_named_none_is_framed():
    same = made_maps(spot(0, 0), 100 * spot(0, 0) + spot(7, 7))
    bare = made_maps(spot(0, 0), np.zeros((24, 24)))
    for found in (same, bare):
        drawn = pictures(found, SEEN, NAMES, value="evidence", look=Look())
        assert not drawn.difference.layout.shapes


@pytest.mark.parametrize(
    ("at", "title"), [(0, "with gates"), (1, "without gates"), (0.25, "25 % of the way")]
)
def test_the_sweep_leads_from_one_map_to_the_other(at: float, title: str):
    figure = sweep(FOUND, SEEN, NAMES, value="evidence", look=Look(), at=at)
    np.testing.assert_allclose(values(figure), (1 - at) * spot(0, 0) - 2 * at * spot(7, 7))
    assert title in figure.layout.annotations[0].text


def opacity(colour: str) -> float:
    return float(re.split("[,)]", colour)[3])


@pytest.mark.parametrize(
    ("sign", "against", "for_"), [("both", 1.0, 1.0), ("for", 0.0, 1.0), ("against", 1.0, 0.0)]
)
def test_the_photograph_shows_through_at_zero_and_where_a_sign_is_left_out(sign, against, for_):
    scale = style.evidence(sign)
    assert [opacity(scale[i][1]) for i in (0, 10, 11, 21)] == [against, 0.0, 0.0, for_]
    assert [scale[i][0] for i in (0, 10, 11, 21)] == [0.0, 0.5, 0.5, 1.0]


def test_another_look_leaves_the_values_as_they_are():
    drawn = pictures(FOUND, SEEN, NAMES, value="evidence", look=Look("for", 0.3))
    assert drawn.second.data[0].opacity == 0.3
    assert values(drawn.second).min() == -2.0


def test_the_photograph_is_grey():
    pale = grey(SEEN)
    assert (pale == pale[..., :1]).all()
    assert pale[0, 0, 0] == round(0.7 * (0.299 * 200 + 0.587 * 100) + 0.3 * 255)


def test_a_class_that_looks_like_markup_stays_out_of_the_templates():
    assert (
        "lion"
        not in sweep(FOUND, SEEN, NAMES, value="evidence", look=Look(), at=0).data[0].hovertemplate
    )


def test_shares_of_two_classes_are_those_of_the_lead():
    two = Contrast(0, "lion rather than cat", 0.9, 2.0, 1, ("lion", "cat"))
    figure = shares_chart(replace(made_shares(), target=two))
    assert figure.layout.xaxis.title.text == "share of the lead"
    assert figure.layout.meta["label"] == "Shares of the blocks in the lead of lion over cat"


def test_blocks_have_the_sums_of_their_shares():
    bars = shares_chart(made_shares()).data[0]
    assert np.asarray(bars.x).tolist() == [-0.5, 0.25]
    assert bars.marker.color[0] != bars.marker.color[1]
    assert [row.meta for row in shares_map(made_shares()).data] == [
        "SE_2_1",
        "SE_2_2",
    ]
