import pytest
from timm.data import ImageNetInfo

from seviz.errors import UserError
from seviz.zoo import catalogue
from seviz.zoo.labels import class_names, find_class, folders, labels, unnamed


@pytest.mark.parametrize(
    ("key", "classes"), [("seresnet50.a1_in1k", 1000), ("seresnextaa101d_32x8d.sw_in12k", 11821)]
)
def test_labels_of_imagenet_are_short_and_each_is_one_class(key: str, classes: int):
    assert len(labels(key)) == len(set(labels(key))) == classes
    assert len(folders(key)) == classes


def test_labels_of_imagenet_keep_its_order():
    names = labels("seresnet50.a1_in1k")
    assert (names[0], names[1], names[291]) == ("tench", "goldfish", "lion")
    assert folders("seresnet50.a1_in1k")[291] == "n02129165"


def test_the_embedded_pair_has_names_for_people_and_folders():
    assert labels("embedded") == labels("twin")
    named = dict(zip(folders("embedded"), labels("embedded"), strict=True))
    assert (len(named), named["n02509815"], named["n02129165"]) == (200, "red panda", "lion")
    assert named.keys() <= set(ImageNetInfo("imagenet-1k").label_names())


def test_classes_that_nobody_named_are_called_by_index():
    assert unnamed(3) == ("class 0", "class 1", "class 2")


def test_every_network_of_the_catalogue_has_labels():
    for key in catalogue.all_keys():
        assert len(labels(key)) in (20, 200, 1000, 11821, 21841, 21843)


def test_a_class_is_found_by_its_name_in_any_case_or_by_its_number():
    names = ("red panda", "lion", "7")
    assert [find_class(names, text) for text in ("Lion", "0", "7")] == [1, 0, 2]
    for text in ("redpanda", "3", "-1"):
        with pytest.raises(UserError, match=f"no class “{text}” among the network's 3; did you"):
            find_class(names, text)


def test_the_embedded_networks_classes_are_called_by_their_folders():
    assert class_names("embedded")["n02509815"] == "red panda"
