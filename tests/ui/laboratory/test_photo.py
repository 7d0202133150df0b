import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo
from seviz.ui.laboratory.photo import OWN, photograph
from seviz.ui.parts.photo_field import examples
from seviz.ui.parts.upload import EXAMPLE


def test_the_photograph_of_explore_comes_before_an_example():
    mine = Image.new("RGB", (3, 2))
    assert photograph(mine) == (mine, OWN)
    shown, called = photograph(None)
    assert called == "the example photograph of a lion"
    assert shown.tobytes() == read_photo(examples()[0]).tobytes()


def test_a_file_that_was_no_picture_is_refused_again():
    with pytest.raises(UserError, match="no picture"):
        photograph(UserError("no picture"))


def test_an_example_of_the_field_is_told_from_a_photograph_of_ones_own():
    cup = Image.new("RGB", (3, 2))
    cup.info[EXAMPLE] = "a cup of coffee"
    assert photograph(cup) == (cup, "the example photograph of a cup of coffee")
    cup.info[EXAMPLE] = None
    assert photograph(cup)[1] == OWN
