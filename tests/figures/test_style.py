import numpy as np

from seviz.figures import style


def test_named_rows_go_from_the_top_down():
    axis = style.rows_axis(("a", "b", "c"), zeroline=False)
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 1, 2], ["a", "b", "c"])
    assert (axis["range"], axis["zeroline"]) == ([2.5, -0.5], False)
    assert style.rows_axis("ab", range=[5.5, -0.5])["range"] == [5.5, -0.5]


def test_a_band_lies_between_its_curves_and_has_one_key():
    low, high = style.band(["a", "b"], np.zeros(2), np.ones(2), name="5–95 %", opacity=0.2)
    assert (low.showlegend, high.name, high.fill) == (False, "5–95 %", "tonexty")
    assert low.legendgroup == high.legendgroup == "5–95 %"
    assert ([*low.y], [*high.y]) == ([0, 0], [1, 1])
    assert high.fillcolor == style.faint(style.INTACT, 0.2)


def test_a_colour_gets_an_opacity():
    assert style.faint("#ff8000", 0.5) == "rgba(255,128,0,0.5)"
