from dataclasses import replace

import pytest
from made_data_set import made_data_set

from seviz.answers.image_map import image_map
from seviz.figures import style
from seviz.figures.image_map import COLOURS, MOST, SYMBOLS, depth_chart, points_map
from seviz.records.image_map import ImageMap


@pytest.fixture(scope="module")
def shown() -> ImageMap:
    _, profile, images = made_data_set()
    return image_map(profile, images, "SE_2_1", method="pca", names={})


def test_every_image_is_one_point_that_knows_its_place_class_and_name(shown):
    traces = points_map(shown, ["bee", "cat"]).data
    assert [trace.name for trace in traces] == ["other classes", "bee", "cat"]
    points = [tuple(of) for trace in traces for of in trace.customdata]
    assert sorted(points) == [(i, p.label, p.image) for i, p in enumerate(shown.points)]
    for trace in traces:
        for x, y, (place, _, _) in zip(trace.x, trace.y, trace.customdata, strict=True):
            assert (x, y) == (shown.points[place].x, shown.points[place].y)
    assert {label for _, label, _ in traces[1].customdata} == {"bee"}


def test_up_to_six_classes_have_a_colour_and_a_symbol_of_their_own(shown):
    assert MOST == len(set(COLOURS)) == len(set(SYMBOLS)) == 6
    assert style.NEUTRAL not in COLOURS
    points = tuple(replace(p, label=str(i % 8)) for i, p in enumerate(shown.points))
    names = [str(i) for i in range(8)]
    traces = points_map(replace(shown, points=points), [*names, "0"]).data
    assert [trace.name for trace in traces] == ["other classes", *names[:6]]
    assert [trace.marker.color for trace in traces[1:]] == COLOURS


def test_selections_are_ringed_and_dragging_selects(shown):
    figure = points_map(shown, [], drag="select", selections={"A": [3, 4], "B": [5]})
    assert [trace.name for trace in figure.data] == ["an image", "selection A", "selection B"]
    assert list(figure.data[1].x) == [shown.points[3].x, shown.points[4].x]
    assert figure.layout.meta["selects"] == "select"


def test_the_axes_name_what_they_hold(shown):
    figure = points_map(replace(shown, explained=(0.5, 0.25)), [])
    assert figure.layout.xaxis.title.text == "component 1, 50 % of the variance"
    assert points_map(replace(shown, explained=None), []).layout.yaxis.title.text == "UMAP 2"


def test_the_depth_chart_has_every_block_beside_chance(shown):
    chance, line = depth_chart(shown).data
    assert list(line.x) == list(line.ids) == ["SE_2_1", "SE_2_2"]
    assert list(line.y) == [of.accuracy for of in shown.neighbours]
    assert set(chance.y) == {shown.chance}
    assert list(line.marker.color) == [style.OTHER, style.INTACT]
    nothing = tuple(replace(of, accuracy=None) for of in shown.neighbours)
    assert depth_chart(replace(shown, neighbours=nothing)) is None
