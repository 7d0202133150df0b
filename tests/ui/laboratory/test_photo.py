from pathlib import Path

import gradio as gr
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo
from seviz.ui.laboratory.photo import example_to_show, photograph
from seviz.ui.parts.photo_field import examples
from seviz.ui.parts.upload import PhotoUpload


def test_the_photograph_of_explore_comes_before_an_example():
    mine = Image.new("RGB", (3, 2))
    assert photograph(mine) == (mine, "your photograph")
    shown, called = photograph(None)
    assert called == "the example “lion”"
    assert shown.tobytes() == read_photo(examples()[0]).tobytes()


def test_a_file_that_was_no_picture_is_refused_again():
    with pytest.raises(UserError, match="no picture"):
        photograph(UserError("no picture"))


def test_the_example_is_shown_as_a_copy_within_the_fields_own_folder():
    with gr.Blocks():
        field = PhotoUpload()
    path = Path(example_to_show(field))
    assert path.is_relative_to(field.GRADIO_CACHE)
    assert path.read_bytes() == examples()[0].read_bytes()
    assert path != examples()[0]
