from dataclasses import replace

import gradio as gr
import pytest
from gradio.data_classes import ImageData

from seviz.photos.examples import EXAMPLES, examples_for
from seviz.ui.parts import photo_field as module
from seviz.ui.parts.photo_field import (
    ExamplePicker,
    example_named,
    examples,
    first_example,
    offered,
    photo_field,
)
from seviz.ui.parts.upload import PhotoUpload


def test_every_example_can_be_read():
    assert len(examples()) == 3
    with gr.Blocks():
        upload = PhotoUpload()
    for path in examples():
        assert upload.preprocess(ImageData(path=str(path))).mode == "RGB"


def test_a_network_offers_its_examples_and_says_which_it_does_not_know():
    shown = offered("embedded")
    assert shown.count("<button") == len(EXAMPLES)
    lion = f'data-name="lion" data-path="{module.SERVED["lion"]}" class="" title="Example: a lion"'
    assert lion in shown
    assert shown.count(' src="gradio_api/file=') == len(EXAMPLES)  # under any prefix
    assert 'class="doubtful" title="Example: a cheetah' in shown
    assert 'aria-label="Example: a cheetah, which is none of this network’s classes"' in shown
    (right, *_) = examples_for("embedded", None)
    assert "which this network" not in module._button(right)
    wrong = replace(right, known=True, right=False)
    assert "Example: a lion, which this network gets wrong" in module._button(wrong)


@pytest.mark.parametrize("name", ["", "no such", "../lion"])
def test_an_example_that_is_none_has_no_file(name: str):
    assert example_named(name) is None


def test_an_example_is_known_by_its_name(monkeypatch):
    lion = example_named("lion")
    assert lion.read_bytes() == EXAMPLES[0].path.read_bytes()
    monkeypatch.delitem(module.SERVED, "lion")
    assert example_named("lion") is None


def test_the_first_example_is_one_that_the_network_gets_right(monkeypatch):
    assert first_example("embedded") == example_named("lion")
    monkeypatch.setattr(module, "examples_for", lambda *of: [])
    assert first_example("embedded") is None


def test_a_field_has_its_examples_and_its_first_photograph():
    with gr.Blocks():
        photo, picker, _ = photo_field(
            "P", elem_id="a", examples_id="b", network="embedded", value=EXAMPLES[0].path
        )
        empty, *_ = photo_field("P", elem_id="c", examples_id="d", network="embedded")
    assert (photo.elem_id, picker.elem_id, picker.value) == ("a", "b", offered("embedded"))
    assert photo.value["path"].endswith("lion.jpg")
    assert empty.value is None
    assert ExamplePicker().api_info() == {"type": "string", "description": "HTML"}
