import pytest
from made_drift import made_drift, made_passed

from seviz.figures import style
from seviz.figures.drift import drift_chart, drift_curve
from seviz.records.target import Difference

FAR = made_passed(4, [0.8, 0.6], [0.5, 0.4, 0.8], logits=(0.0, 2.0, 0.0), static=(3.0, 0.0, 0.0))
DRIFT = made_drift(made_passed(1), FAR)


@pytest.mark.parametrize(("measure", "first"), [("cosine", 0.04), ("difference", 0.2)])
def test_each_arm_has_a_line_of_distances(measure: str, first: float):
    figure = drift_chart(DRIFT, FAR, None, measure=measure)
    lines = {trace.name: trace for trace in figure.data}
    assert set(lines) == {"with gates", "gates at their mean"}
    for line in lines.values():
        assert line.x == ("SE_2_1", "SE_2_2")
        assert line.y[0] == pytest.approx(first, abs=1e-7)
    assert lines["with gates"].ids == ("SE_2_1", "SE_2_2")  # a click selects the block
    assert lines["gates at their mean"].line.color == style.ARMS["static"]
    assert lines["gates at their mean"].line.dash == "dash"
    assert "cut into shuffled tiles" in figure.layout.meta["label"]


def test_the_curve_holds_each_arms_chances_from_the_unchanged_on():
    figure = drift_curve(DRIFT, target=0, strength=4)
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines) == ["with gates", "gates at their mean"]
    for row, line in enumerate(lines.values()):
        assert line.x == (1, 4)
        assert list(line.y) == pytest.approx(DRIFT.chances(row, 0).tolist())
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 4
    assert figure.layout.xaxis.title.text == "tiles along each side"
    left, right = figure.layout.xaxis.range
    assert left < 1 < 16 < right


def test_of_two_classes_the_axis_says_that_only_these_count():
    lion, other, *_ = DRIFT.labels
    axes = [drift_curve(DRIFT, target=of, strength=4).layout.yaxis for of in (0, Difference(0, 1))]
    assert axes[0].title.text == f"probability of {lion}"
    assert axes[1].title.text == f"probability of {lion} if only<br>it and {other} counted"


def test_what_gets_stronger_with_smaller_numbers_goes_to_the_right_too():
    drift = made_drift(100, strengths=(100, 10), change="jpeg")
    left, right = drift_curve(drift, target=0, strength=10).layout.xaxis.range
    assert left > 100 > 1 > right


def test_mirrored_has_two_named_ends():
    drift = made_drift(0, strengths=(0, 1), change="mirrored")
    assert drift_curve(drift, target=0, strength=1).layout.xaxis.ticktext == (
        "as it is",
        "mirrored",
    )
