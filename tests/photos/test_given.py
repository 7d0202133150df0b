import numpy as np
import pytest
from made_module import labelled, pixels

from seviz.errors import UserError
from seviz.photos.given import GivenImages

LABELS = ("a", "b", "c")


def test_photographs_of_any_form_are_read_with_their_classes(photo, picture):
    forms = [photo, np.asarray(photo), picture, str(picture), picture.read_bytes()]
    given = GivenImages([(form, i % 3) for i, form in enumerate(forms)], "mine", labels=LABELS)
    assert (len(given), given.classes, given.data) == (5, LABELS, "mine")
    for i in range(5):
        found, label = given.picture(i)
        np.testing.assert_array_equal(np.asarray(found), np.asarray(photo))
        assert label == i % 3


def test_photographs_alone_are_of_one_class():
    given = GivenImages([pixels(), pixels(1)], "mine", labels=LABELS)
    assert given.classes == ("all images",)
    assert given.picture(1)[1] == 0
    unlabelled = GivenImages(labelled(3), "mine", labels=LABELS, labelled=False)
    assert (unlabelled.classes, unlabelled.picture(2)[1]) == (("all images",), 0)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ((pixels(), 3), "^mine, image 1: Its class is 3, and there are 3 classes, numbered from 0"),
        ((pixels(), -1), "Its class is -1"),
        ((None, 0), "^mine, image 1: A photograph is a PIL image, the path or bytes"),
        (("no.jpg", 0), r"^mine, image 1: The file no\.jpg is not there"),
    ],
)
def test_what_is_no_photograph_or_class_is_named(item, says: str):
    given = GivenImages([(pixels(), 0), item], "mine", labels=LABELS)
    with pytest.raises(UserError, match=says):
        given.picture(1)


def test_none_at_all_is_a_sentence():
    with pytest.raises(UserError, match="There is no photograph in this data set"):
        GivenImages([], "mine", labels=LABELS)
