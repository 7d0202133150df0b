import gradio as gr
from gradio.data_classes import ImageData

from seviz.ui.parts import photo_field as module
from seviz.ui.parts.photo_field import examples, name_examples
from seviz.ui.parts.upload import PhotoUpload


def test_every_example_can_be_read():
    assert len(examples()) == 3
    with gr.Blocks():
        upload = PhotoUpload()
    for path in examples():
        assert upload.preprocess(ImageData(path=str(path))).mode == "RGB"


def test_examples_have_the_names_of_their_files_read_out():
    given: list[dict] = []
    name_examples(lambda *outputs, **how: given.append(how), "the-id")
    (how,) = given
    assert "#the-id .gallery-item" in how["js"]
    assert '["Example \\u201clion\\u201d", "Example \\u201cchelsea\\u201d", ' in how["js"]
    assert how["api_visibility"] == "private"


def test_a_package_that_is_not_there_brings_no_examples(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert [path.name for path in examples()] == ["lion.jpg"]
