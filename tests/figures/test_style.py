import pytest

from seviz.figures.style import AGAINST, FOR, colorbar, evidence, faint, figure, heading


@pytest.mark.parametrize(
    ("colour", "opacity", "css"),
    [("#ff8000", 0.5, "rgba(255,128,0,0.5)"), ("#00000a", 1, "rgba(0,0,10,1)")],
)
def test_a_colour_is_written_with_its_opacity(colour: str, opacity: float, css: str):
    assert faint(colour, opacity) == css


def test_evidence_is_clear_at_zero_and_full_at_both_ends():
    scale = evidence("both")
    places = [place for place, _ in scale]
    assert places == pytest.approx([i / 20 for i in range(21)])
    assert scale[0][1] == faint(AGAINST, 1.0)
    assert scale[10][1].endswith(",0.0)")
    assert scale[20][1] == faint(FOR, 1.0)
    assert scale[5][1] == faint(AGAINST, round(0.5**0.75, 3))
    assert scale[15][1] == faint(FOR, round(0.5**0.75, 3))


@pytest.mark.parametrize(("sign", "empty"), [("for", range(10)), ("against", range(11, 21))])
def test_one_sign_leaves_the_other_half_of_the_scale_empty(sign: str, empty: range):
    scale, both = evidence(sign), evidence("both")
    for i in range(21):
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
        assert (at["y"], at["yanchor"]) == (1, "bottom")
