import numpy as np
import pytest

from seviz.figures.alpha_path import alpha_curve, rival, step_at
from seviz.records.analysis import AlphaPath
from seviz.records.target import Difference

LABELS = ("lion", "tabby", "bee")
# From lion to tabby; the bee is second at first.
PATH = AlphaPath(
    "static",
    np.array([0, 0.5, 1], np.float32),
    np.log(np.array([[0.7, 0.1, 0.2], [0.45, 0.4, 0.15], [0.2, 0.7, 0.1]], np.float32)),
)


def test_the_rival_is_who_comes_nearest_anywhere_on_the_path():
    assert rival(PATH, 0) == 1
    assert rival(PATH, 1) == 0


@pytest.mark.parametrize(("alpha", "step"), [(0, 0), (0.2, 0), (0.3, 1), (0.95, 2), (1, 2)])
def test_an_alpha_leads_to_the_nearest_step(alpha: float, step: int):
    assert step_at(PATH, alpha) == step


def test_the_curve_holds_the_target_and_its_rival_over_alpha():
    figure = alpha_curve(PATH, labels=LABELS, target=0, alpha=0.5)
    lion, at_lion, tabby, at_tabby = figure.data
    assert (lion.name, tabby.name) == ("lion", "tabby")
    assert lion.x.tolist() == [0, 0.5, 1]
    assert lion.y == pytest.approx([0.7, 0.45, 0.2])
    assert tabby.y == pytest.approx([0.1, 0.4, 0.7])
    assert (at_lion.x[0], at_lion.y[0]) == (0.5, pytest.approx(0.45))
    assert (at_tabby.x[0], at_tabby.y[0]) == (0.5, pytest.approx(0.4))
    assert figure.layout.shapes[0].x0 == 0.5
    assert figure.layout.yaxis.range == (0, 1)
    assert [trace.showlegend for trace in figure.data] == [None, False, None, False]


def test_the_figure_says_what_it_leads_to():
    figure = alpha_curve(PATH, labels=LABELS, target=0, alpha=0)
    assert figure.layout.xaxis.ticktext[-1] == "1<br>static"
    assert figure.layout.meta["label"] == "Probability of lion over α, from own gates to static"


def test_of_a_difference_the_curve_is_the_first_classs_share_of_the_two():
    figure = alpha_curve(PATH, labels=LABELS, target=Difference(0, 1), alpha=1)
    curve, point = figure.data
    assert curve.name == "lion rather than tabby"
    assert curve.y == pytest.approx([7 / 8, 45 / 85, 2 / 9])
    assert point.y[0] == pytest.approx(2 / 9)


def test_without_an_alpha_nothing_is_marked():
    figure = alpha_curve(PATH, labels=LABELS, target=0)
    assert not figure.layout.shapes
    assert {line.mode for line in figure.data} == {"lines"}


def test_the_answer_at_the_end_is_drawn_where_it_is_a_third_class():
    rows = [[0.6, 0.3, 0.1], [0.3, 0.35, 0.35], [0.2, 0.3, 0.5]]
    path = AlphaPath("static", np.float32([0, 0.5, 1]), np.log(np.float32(rows)))
    figure = alpha_curve(path, labels=LABELS, target=1)
    assert [line.name for line in figure.data] == ["tabby", "lion", "bee"]
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 3
