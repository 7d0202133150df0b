"""The view “Map”, without a browser."""

from typing import Any

import gradio as gr
import numpy as np
import pytest
from made_data_set import made_data_set

from seviz.answers.image_map import compare_selections, image_map
from seviz.reference import gather
from seviz.ui.address import Address
from seviz.ui.dataset.map import html as map_html
from seviz.ui.dataset.map.layout import lay_out
from seviz.ui.dataset.map.view import Chosen, Fields, Handlers, Selection


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out())


@pytest.fixture
def images(monkeypatch):
    """Make made statistics, of two blocks, those of the embedded network; returns the images."""
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    made = made_data_set()
    gather.set_reference(*made[1:])
    return made[2]


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def draw(handlers: Handlers, **now: Any) -> Any:
    return handlers.draw("embedded", None, *Fields(**{"block": "SE_2_2"} | now))


def test_the_map_is_drawn_when_the_view_is_opened_once(handlers, images):
    p = handlers.parts
    said = handlers.show("embedded", None, None, "", *Fields())
    assert "60 images by the gates of SE_2_2" in said[p.headline]
    assert set(said) == set(p.outputs)
    assert [name for name, _ in said[p.classes].choices] == ["ant", "bee", "cat"]
    assert sum(len(points.x) for points in said[p.map].data) == 60
    for chart in (p.map, p.depth):
        assert "90 images · seviz map --model embedded " in said[chart].layout.meta["source"]
    again = handlers.show("embedded", None, said[p.shown], "", *Fields())
    assert again == gr.skip()


def test_the_block_that_an_address_names_is_drawn_once_whatever_is_shown(handlers, images):
    p = handlers.parts
    shown = handlers.show("embedded", None, None, "", *Fields())[p.shown]
    assert handlers.restore("embedded", Address()) == {}
    assert handlers.restore("embedded", Address(map_block="SE_2_1")) == {p.sought: "SE_2_1"}
    said = handlers.show("embedded", None, shown, "SE_2_1", *Fields("SE_2_2"))
    assert (said[p.block].value, said[p.sought]) == ("SE_2_1", "")


def test_fields_that_a_client_made_up_fall_back(handlers, images):
    p = handlers.parts
    said = draw(handlers, block=["x"], method={}, classes=["bee", "x", 3], drag=7, into=9)
    assert said[p.block].value == "SE_2_2"
    assert said[p.classes].value == ["bee"]
    assert said[p.map].layout.meta["selects"] == "lasso"
    assert said[p.into] == "A"


def test_points_that_are_dragged_around_are_selected_and_then_compared(handlers, images):
    p = handlers.parts
    first = handlers.take(event(places=[3, 1, 2]), "embedded", None, *Fields("SE_2_2"))
    assert first[p.chosen].a == Selection((1, 2, 3))
    assert first[p.into] == "B"
    assert "Selected A: 3 images." in first[p.told]
    assert first[p.table] == ""
    now = Fields("SE_2_2", into="B", chosen=first[p.chosen])
    second = handlers.take(event(places=[10, 11]), "embedded", None, *now)
    found = compare_selections(images, "SE_2_2", a=[1, 2, 3], b=[10, 11])
    assert second[p.into] == "A"
    assert second[p.table].count("data-channel") == 5
    assert f'data-channel="{found.gates[0].channel}"' in second[p.table].split("</tr>")[1]
    assert [trace.name for trace in second[p.map].data] == [
        "an image",
        "selection A",
        "selection B",
    ]


def test_classes_are_selected_by_keyboard_and_forgotten(handlers, images):
    p = handlers.parts
    a = handlers.choose("a", "bee", "embedded", None, *Fields("SE_2_2"))
    assert a[p.chosen].a.label == a[p.a].value == "bee"
    bees = np.flatnonzero(images.sample_labels == 1).tolist()
    assert list(a[p.chosen].a.places) == bees
    b = handlers.choose("b", "cat", "embedded", None, *Fields("SE_2_2", chosen=a[p.chosen]))
    assert f"(bee, {len(bees)} images)" in b[p.table]
    gone = handlers.choose("a", None, "embedded", None, *Fields("SE_2_2", chosen=b[p.chosen]))
    assert gone[p.chosen].a == Selection()
    clear = handlers.clear("embedded", None, *Fields("SE_2_2", chosen=b[p.chosen]))
    assert clear[p.chosen][1:] == Chosen()[1:]


@pytest.mark.parametrize(
    "places", [[60], [-1], [True], ["1"], [1.0], "1", 7, {"a": 1}, [[1]], [10**30]]
)
def test_places_that_are_none_of_the_map_are_refused(handlers, images, notices, places):
    said = handlers.take(event(places=places), "embedded", None, *Fields("SE_2_2"))
    assert said == gr.skip()
    assert len(notices) == 1


def test_one_image_is_selected_but_not_compared(handlers, images):
    p = handlers.parts
    one = Chosen(draw(handlers)[p.shown], Selection((1,)), Selection((2, 3)))
    assert "Selection A has one image" in draw(handlers, chosen=one)[p.told]


def test_selections_of_other_statistics_are_forgotten(handlers, images):
    other = Chosen("others", Selection((1, 2)), Selection((3, 4)))
    assert draw(handlers, chosen=other)[handlers.parts.chosen].a == Selection()


def test_a_click_on_the_depth_chart_shows_its_block(handlers, images):
    said = handlers.open_block(event(name="SE_2_1"), "embedded", None, *Fields("SE_2_2"))
    assert said[handlers.parts.block].value == "SE_2_1"


def test_at_first_the_most_telling_block_and_the_largest_classes_are_shown(handlers, images):
    said = handlers.show("embedded", None, None, "", *Fields())
    shown = image_map(made_data_set()[1], images, "SE_2_1", method="pca", names={})
    best = max(shown.neighbours, key=lambda of: of.accuracy)
    assert said[handlers.parts.block].value == best.site
    assert set(said[handlers.parts.classes].value) <= set(shown.classes)
    assert said[handlers.parts.classes].value


def test_without_images_it_says_what_makes_them(handlers, images):
    gather.set_reference(made_data_set()[1])
    said = handlers.show("embedded", None, None, "", *Fields())
    assert "python -m seviz profile" in said[handlers.parts.headline]
    assert said[handlers.parts.map] is None


def test_photographs_at_hand_wait_for_the_pointer(images):
    shown = image_map(made_data_set()[1], images, "SE_2_1", method="pca", names={"bee": "<b>"})
    said = map_html.pictures(shown, {shown.points[7].image: "data:image/jpeg;base64,AAAA"})
    assert said.count("<figure") == 1
    assert 'data-place="7" hidden' in said
    assert "<b>" not in said
