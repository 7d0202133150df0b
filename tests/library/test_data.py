import pytest
from made_module import labelled, pixels

from seviz.errors import UserError
from seviz.library.data import open_data

LABELS = ("a", "b", "c")


class Torch:
    """A data set as torch's are."""

    classes = ("x", "y", "z")

    def __len__(self) -> int:
        return 3

    def __getitem__(self, i: int):
        return labelled(3)[i]


def test_lists_and_data_sets_of_torch_are_named_for_people():
    images, title = open_data(labelled(5), "train", labels=True, limit=None, known=LABELS)
    assert (len(images), images.classes, title) == (5, LABELS, "photographs of a list")
    images, title = open_data(Torch(), "train", labels=True, limit=2, known=LABELS)
    assert (images.limit, images.classes, title) == (2, ("x", "y", "z"), "Torch (2 images)")


@pytest.mark.parametrize(
    ("data", "limit", "says"),
    [
        (5, None, "A data set is a folder, a zip, .*, not int"),
        (iter([]), None, "not list_iterator"),
        ([pixels()], 0, "limit is 0; give a number of images, 1 or more"),
        ([], None, "There is no photograph in this data set"),
        ("no-folder", None, "no-folder"),
    ],
)
def test_what_is_no_data_set_is_a_sentence(data, limit, says: str):
    with pytest.raises(UserError, match=says):
        open_data(data, "train", labels=True, limit=limit, known=LABELS)
