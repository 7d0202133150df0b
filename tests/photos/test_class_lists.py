import pytest

from seviz.errors import UserError
from seviz.photos.class_lists import number_classes

LABELS = ("tench", "goldfish", "pug", "crane")
NAMES = ("n0", "n1", "n2", "n3")


def test_one_list_is_the_other_where_half_of_the_names_agree_by_place():
    classes = ("tench, Tinca tinca", "Goldfish, Carassius auratus", "pug-dog", "crane")
    assert number_classes(classes, NAMES, LABELS, data="d") == (NAMES, {0: 0, 1: 1, 2: 2, 3: 3})


@pytest.mark.parametrize("names", [NAMES, None])
def test_other_classes_are_found_by_their_names(names):
    theirs, number = number_classes(("pug", "tench"), names, LABELS, data="d")
    assert (theirs, number) == (names or LABELS, {0: 2, 1: 0})
    assert number_classes(LABELS[::-1], names, LABELS, data="d")[1] == {0: 3, 1: 2, 2: 1, 3: 0}


def test_folder_names_are_names_too():
    assert number_classes(("n3", "n1"), NAMES, LABELS, data="d")[1] == {0: 3, 1: 1}


def test_unnamed_classes_of_a_network_are_matched_by_their_count():
    unnamed = [f"class {i}" for i in range(4)]
    assert number_classes(LABELS, None, unnamed, data="d")[1] == {0: 0, 1: 1, 2: 2, 3: 3}
    with pytest.raises(UserError, match="In d, the class crane is not one of the network's"):
        number_classes(LABELS, None, unnamed[:3], data="d")


def test_two_names_of_one_class_are_refused():
    with pytest.raises(UserError, match="the classes Pug and pug are one class of the network's"):
        number_classes(("pug", "Pug"), NAMES, LABELS, data="d")
