from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.photos.class_folders import number_folders

ROOT = Path("data")
NAMES = ("n1", "n2", "n3", "n4", "n5", "n6")
LABELS = ("goldfish", "Ka\u0308fer", "crane", "crane", "Cardigan", "cardigan")  # decomposed


@pytest.mark.parametrize(
    ("folders", "numbers"),
    [
        (["Goldfish", "KÄFER"], [0, 1]),
        (["n3", "goldfish", "n4"], [2, 0, 3]),
        (["Cardigan", "cardigan"], [4, 5]),
    ],
)
def test_folders_are_called_by_names_or_labels(folders: list[str], numbers: list[int]):
    found = number_folders(folders, NAMES, LABELS, root=ROOT)
    assert found == dict(zip(folders, numbers, strict=True))


def test_a_name_comes_before_a_label():
    assert number_folders(["ant"], ("bee", "ant"), ("ant", "bee"), root=ROOT) == {"ant": 1}


@pytest.mark.parametrize("folder", ["crane", "CARDIGAN", "gold"])
def test_a_label_that_several_classes_have_is_no_class(folder: str):
    with pytest.raises(UserError, match=f"the class folder {folder} is not one of the network's"):
        number_folders([folder], NAMES, LABELS, root=ROOT)


def test_two_folders_of_one_class_are_refused():
    with pytest.raises(UserError, match="folders goldfish and n1 are one class of the network's"):
        number_folders(["n1", "goldfish"], NAMES, LABELS, root=ROOT)


@pytest.mark.parametrize(
    ("names", "labels", "meant"),
    [
        (("ant", "Bees", "wasp"), ("x", "y", "z"), "Bees"),
        (("ant", "n1", "n2"), ("ant", "elk", "bees"), r"n2 \(bees\)"),
        (("ant", "n1", "n2"), ("ant", "elk", "cat"), "ant or n1"),
    ],
)
def test_another_class_than_the_networks_is_named_with_the_nearest(
    names: tuple[str, ...], labels: tuple[str, ...], meant: str
):
    with pytest.raises(
        UserError,
        match=rf"data, the class folder bee is not one of the network's; did you mean {meant}\?$",
    ):
        number_folders(["ant", "bee"], names, labels, root=ROOT)
