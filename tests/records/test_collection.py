import numpy as np
import pytest
from made_collection import made_collection

from seviz.records.collection import NO_CLASS, Photographs

ROWS = [[1.0, 0.0], [1.0, 1.0], [0.0, 0.5], [0.0, 0.0]]
OTHER = [[1.0, 2.0, 2.0], [2.0, 4.0, 4.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]


@pytest.fixture
def collection():
    return made_collection({"SE_2_1": ROWS, "SE_2_2": OTHER}, ["cat", "", "cat", "ant hill"])


def test_distances_are_one_minus_the_cosine_by_hand(collection):
    expected = [0, 1 - 1 / np.sqrt(2), 1, 1]  # of the row (1, 0); a row of zeros has no direction
    np.testing.assert_allclose(collection.distances(0, "SE_2_1"), expected, atol=1e-12)
    of_both = collection.distances(0)
    other = [0, 0, 1 - 2 / 3, 1 - 5 / (3 * np.sqrt(3))]
    np.testing.assert_allclose(of_both, (np.array(expected) + other) / 2, atol=1e-12)


def test_a_photograph_is_at_no_distance_from_itself(collection):
    assert [collection.distances(i)[i] for i in range(4)] == [0, 0, 0, 0]


def test_right_and_wrong_are_by_class_folder_where_it_is_a_class(collection):
    # The first answers are ant, bee, cat, ant; “ant hill” is none of the network's classes.
    assert [collection.right(i) for i in range(4)] == [False, None, True, None]


def test_folders_are_classes_and_a_photograph_in_none_has_none(collection):
    assert collection.classes == ("ant hill", "cat")
    assert collection.folder_labels.tolist() == [1, NO_CLASS, 1, 0]
    assert len(collection) == 4
    np.testing.assert_allclose(collection.probabilities[0, 0], np.e**2 / (np.e**2 + 2))


def test_each_photograph_has_a_name_of_its_own(collection):
    photos = collection.photographs.photos
    twice = Photographs((photos[0], photos[1], photos[0], photos[0]))
    assert twice.names == ("cat/0.png", "1.png", "cat/0.png (2)", "cat/0.png (3)")


def test_the_memory_is_that_of_files_and_arrays(collection):
    files = sum(len(p.data) + len(p.thumbnail) for p in collection.photographs.photos)
    numbers = 2 * 4 * (2 + 3) + 4 * 3  # z and s, and logits
    assert (collection.photographs.bytes, collection.bytes) == (files, 4 * numbers)
    assert Photographs(()).bytes == 0
