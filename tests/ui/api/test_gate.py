"""The endpoints about gates over many images, as functions."""

import gradio as gr
import pytest
from made_data_set import made_data_set

from seviz.answers.gate import gate_report
from seviz.answers.image_map import map_report
from seviz.reference import gather
from seviz.ui.api.gate import TASKS, exemplars, map, pictures


@pytest.fixture
def made(monkeypatch):
    """Make made statistics, of two blocks, those of the embedded network."""
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    _, profile, images = made_data_set()
    gather.set_reference(profile, images)
    return profile, images


def test_they_answer_as_scripts_do(made):
    profile, images = made
    given = {"profile": profile, "images": images}
    assert exemplars("SE_2_1[1]") == gate_report("embedded", "SE_2_1[1]", **given)
    alone = map("SE_2_2")
    assert alone.map == map_report("embedded", "SE_2_2", **given)
    assert alone.compared is None
    compared = map("SE_2_2", compare=["ant", "bee"]).compared
    labels = list(images.sample_labels)
    assert (compared.images_a, compared.images_b) == (labels.count(0), labels.count(1))
    assert (exemplars, map, pictures) == TASKS


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"compare": ["ant"]}, "compare names 1 classes; give two, or none."),
        ({"compare": ["ant", "wasp"]}, "no class “wasp”"),
        ({"method": "tsne"}, "no method “tsne”"),
        ({"block": 7}, "no block “7”"),
    ],
)
def test_a_bad_question_gets_one_sentence(made, given: dict, says: str):
    with pytest.raises(gr.Error, match=says):
        map(**{"block": "SE_2_1"} | given)


def test_without_images_it_says_what_brings_them(made):
    gather.set_reference(made[0])
    with pytest.raises(gr.Error, match="python -m seviz profile"):
        map("SE_2_1")
    assert exemplars("SE_2_1[0]").largest == ()


def test_pictures_come_with_what_they_reach():
    found = pictures("SE_2_1[3]", aims=["open"], seeds=2, steps=2)
    assert [of.aim for of in found.report.pictures] == ["open", "open"]
    assert {name: len(pngs) for name, pngs in found.pngs.items()} == {"open": 2, "control": 2}
    assert found.pngs["open"][0].startswith("data:image/png;base64,")
    with pytest.raises(gr.Error, match="At most 16 pictures"):
        pictures("SE_2_1[3]", seeds=17)
