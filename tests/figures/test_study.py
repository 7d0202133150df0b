import numpy as np
import pytest
from made_study import found, made

from seviz.figures.study import ARTICLE, HERE, article_chart, here_chart
from seviz.study.against_reference import rows

NAMES = ("sigmoid gates", "tanh gates", "ReLU gates")
ROWS = rows("excitation", made(lab_resnet_relu=0.45))


def drawn(figure, name: str):
    return [trace for trace in figure.data if trace.name == name]


def test_each_seed_is_a_point_and_the_mean_has_students_interval():
    figure = here_chart(ROWS, NAMES)
    (seeds,), (mean,) = drawn(figure, "one seed"), drawn(figure, "mean, 95 % interval")
    assert np.asarray(seeds.x).tolist() == pytest.approx([49, 50, 51, 49, 50, 51, 44, 45, 46])
    assert np.asarray(mean.x).tolist() == pytest.approx([50, 50, 45])
    assert np.asarray(mean.y).tolist() == [0, 1, 2]
    # t of 0.975 with two degrees of freedom, over √3
    assert np.asarray(mean.error_x.array) == pytest.approx([4.30265 / 3**0.5] * 3, abs=1e-4)
    assert mean.customdata[2] == (
        "ReLU gates: mean of 3 seeds 45.0 %<br>95 % interval 42.5 to 47.5 %"
    )
    assert seeds.customdata[8] == "ReLU gates, seed 2: 46.0 %"


def test_the_article_has_an_axis_and_a_colour_of_its_own():
    ours, theirs = here_chart(ROWS, NAMES), article_chart(ROWS, NAMES)
    (points,) = drawn(theirs, "one network")
    assert np.asarray(points.x).tolist() == pytest.approx([77.72, 77.00, 76.53])
    assert points.marker.color == ARTICLE != HERE
    assert drawn(ours, "one seed")[0].marker.color == HERE
    assert points.customdata[0] == "sigmoid gates: 77.72 % top-1 on ImageNet<br>(error 22.28 %)"
    for figure in (ours, theirs):
        assert figure.layout.yaxis.ticktext == NAMES
        low, high = figure.layout.yaxis.range
        assert low > high  # so row 0 is on top


def test_a_line_at_the_reference_runs_along_the_rows_held_against_it():
    (line,) = drawn(here_chart(ROWS, NAMES), "the reference")
    assert np.asarray(line.x).tolist() == pytest.approx([50, 50])
    assert (line.y[0], line.y[1]) == pytest.approx((-0.42, 2.42))
    hosts = rows("host", made(lab_vgg=0.3, lab_inception=0.4, lab_resnet=0.6))
    lines = drawn(here_chart(hosts, [row.figures.key for row in hosts]), "the reference")
    assert [line.x[0] for line in lines] == pytest.approx([30, 40, 60])
    assert [line.y[0] for line in lines] == pytest.approx([-0.42, 1.58, 3.58])


def test_those_who_see_no_picture_are_told_the_values():
    assert "ReLU gates 45.0 %" in here_chart(ROWS, NAMES).layout.meta["label"]
    assert "ReLU gates 76.5 %" in article_chart(ROWS, NAMES).layout.meta["label"]


def test_one_seed_has_no_interval():
    results = made()
    results.variants.update({key: found(key, 0.5) for key in results.variants})
    (mean,) = drawn(here_chart(rows("r", results), "abcde"), "mean, 95 % interval")
    assert list(mean.error_x.array) == [None] * 5
    assert mean.customdata[0] == "a: 50.0 %, one seed"
