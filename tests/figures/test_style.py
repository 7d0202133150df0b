from itertools import combinations, pairwise

import pytest
from colours import SIGHTS, difference, seen
from plotly.colors import sample_colorscale

from seviz.figures.style import (
    AGAINST,
    ARMS,
    FOR,
    GATES,
    INTACT,
    OPEN,
    OTHER,
    SHUT,
    SIGNED,
    colorbar,
    evidence,
    faint,
    figure,
    heading,
    rows_margin,
)


@pytest.mark.parametrize(
    ("colour", "opacity", "css"),
    [("#ff8000", 0.5, "rgba(255,128,0,0.5)"), ("#00000a", 1, "rgba(0,0,10,1)")],
)
def test_a_colour_is_written_with_its_opacity(colour: str, opacity: float, css: str):
    assert faint(colour, opacity) == css


def test_evidence_is_clear_at_zero_and_full_at_both_ends():
    scale = evidence("both")
    places = [place for place, _ in scale]
    assert places == pytest.approx([i / 20 for i in range(11)] + [i / 20 for i in range(10, 21)])
    assert scale[0][1] == faint(AGAINST, 1.0)
    assert scale[10][1] == faint(AGAINST, 0.0)
    assert scale[11][1] == faint(FOR, 0.0)
    assert scale[21][1] == faint(FOR, 1.0)
    assert scale[5][1] == faint(AGAINST, round(0.5**0.75, 3))
    assert scale[16][1] == faint(FOR, round(0.5**0.75, 3))


def test_a_faint_value_has_the_hue_of_its_sign():
    colours = [colour.rpartition(",")[0] for _, colour in evidence("both")]
    assert set(colours[:11]) == {faint(AGAINST, 1).rpartition(",")[0]}
    assert set(colours[11:]) == {faint(FOR, 1).rpartition(",")[0]}


@pytest.mark.parametrize(("sign", "empty"), [("for", range(11)), ("against", range(11, 22))])
def test_one_sign_leaves_the_other_half_of_the_scale_empty(sign: str, empty: range):
    scale, both = evidence(sign), evidence("both")
    for i in range(22):
        clear = scale[i][1].endswith(",0.0)")
        assert clear if i in empty else scale[i] == both[i], i


def test_a_figure_has_its_label_and_what_it_is_told_wins():
    made = figure([], height=99, label="words", showlegend=True)
    assert (made.layout.height, made.layout.meta, made.layout.showlegend) == (
        99,
        {"label": "words"},
        True,
    )
    assert made.layout.margin.to_plotly_json() == {"l": 8, "r": 8, "t": 8, "b": 8}
    assert figure([], height=10, label="").layout.showlegend is False


def test_a_colour_bar_leaves_a_heading_half_of_the_width_above_the_figure():
    bar, words = colorbar("U"), heading("Intact")
    assert (bar["x"], bar["xanchor"], bar["len"], bar["title"]["text"]) == (1, "right", 0.5, "U")
    assert (words["x"], words["xanchor"], words["text"]) == (0, "left", "Intact")
    for at in (bar, words):
        assert (at["y"], at["yanchor"]) == (pytest.approx(1, abs=1e-3), "bottom")


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_arms_can_be_told_apart(sight: str):
    assert min(difference(*two, sight) for two in combinations(ARMS.values(), 2)) > 10


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_that_meet_in_a_chart_can_be_told_apart(sight: str):
    together = (INTACT, OTHER, OPEN, SHUT)
    assert min(difference(*two, sight) for two in combinations(together, 2)) > 10


@pytest.mark.parametrize("sight", SIGHTS)
def test_gates_grow_lighter_along_their_scale(sight: str):
    colours = sample_colorscale(GATES, [i / 20 for i in range(21)])
    lightness = [float(seen(colour, sight)[0]) for colour in colours]
    assert all(b - a > 1 for a, b in pairwise(lightness))
    assert lightness[-1] - lightness[0] > 60


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_halves_of_the_signed_scale_mirror_each_other_and_differ(sight: str):
    colours = sample_colorscale(SIGNED, [i / 20 for i in range(21)])
    lightness = [float(seen(colour, sight)[0]) for colour in colours]
    assert all(a < b for a, b in pairwise(lightness[:11]))
    assert all(a > b for a, b in pairwise(lightness[10:]))
    assert all(abs(lightness[i] - lightness[20 - i]) < 16 for i in range(10))
    assert all(difference(colours[i], colours[20 - i], sight) > 18 for i in range(8))
    assert difference(AGAINST, FOR, sight) > 35


def test_names_of_rows_have_the_room_that_the_longest_needs():
    margin = rows_margin(["SE_2_1", "features.18.block.2"], top=50, bottom=18)
    assert margin == {"l": 12 + round(6.6 * 19), "r": 10, "t": 50, "b": 18, "autoexpand": False}
    assert rows_margin([], top=1, bottom=2)["l"] == 12
