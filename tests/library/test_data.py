import io

import numpy as np
import pytest
from made_collection import picture_file, zip_of
from made_module import labelled, pixels
from PIL import Image

from seviz.errors import UserError
from seviz.library.data import open_data, read_photographs

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


def test_photographs_of_a_list_a_set_a_folder_and_a_zip_are_read_and_named(tmp_path):
    photographs, title = read_photographs([pixels(), (pixels(1), 2), picture_file(3)])
    kept = np.asarray(Image.open(io.BytesIO(photographs.photos[1].data)))
    np.testing.assert_array_equal(kept, pixels(1))
    assert (photographs.name, title) == ("3 photographs", "photographs of a list")
    assert photographs.names == ("image 0", "image 1", "image 2")
    assert read_photographs(Torch())[1] == "Torch"
    path = zip_of(tmp_path / "many.zip", {"a.png": picture_file(1), "b.png": picture_file(2)})
    photographs, title = read_photographs(str(path))
    assert (photographs.names, title) == (("a.png", "b.png"), "many.zip")


def test_of_many_photographs_as_many_are_read_as_are_compared(monkeypatch):
    monkeypatch.setattr("seviz.analysis.cka.MOST", 4)
    assert len(read_photographs([pixels(i) for i in range(9)])[0]) == 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (5, "data is a folder or zip of photographs, a list of photographs, or a data set of torc"),
        ("no-folder", "no-folder does not exist; give a folder or zip of photographs"),
        ([5], "None of these files is a picture that can be read, for example image 0: A photog"),
    ],
)
def test_what_are_no_photographs_is_a_sentence(data, says: str):
    with pytest.raises(UserError, match=says):
        read_photographs(data)
