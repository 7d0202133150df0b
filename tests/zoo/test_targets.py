from types import SimpleNamespace

import pytest

from seviz.errors import UserError
from seviz.records.sites import Site
from seviz.records.target import Difference, Gate
from seviz.zoo.targets import class_target, find_class_target, find_target

NAMES = ("lion", "tabby cat", "cat vs dog", "dog", "SE_2_1[0]", "Cat", "snow-cat")
SITES = (Site("layer1.0.se", "SE_2_1", 2, 1, 8, 4), Site("layer3.5.se", "SE_4_6", 4, 6, 16, 8))
SOURCE = SimpleNamespace(labels=NAMES, folders=None, title="Net")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("lion", 0),
        ("1", 1),
        ("lion vs tabby cat", Difference(0, 1)),
        ("  LION VS. 3 ", Difference(0, 3)),
        ("cat vs dog", 2),  # a class whose whole name is the text comes first
        ("Cat Vs dog", 2),
        ("cat vs dog vs lion", Difference(2, 0)),  # of the cuts, one that leaves two classes
        ("lion vs cat vs dog", Difference(0, 2)),
        ("5 vs 3", Difference(5, 3)),
    ],
)
def test_a_class_or_two_are_read(text: str, target: object):
    assert find_class_target(NAMES, text) == target
    assert find_target(SOURCE, SITES, text) == target
    assert class_target(SOURCE, text) == target


def test_classes_may_be_named_by_their_ids():
    ids = ("n1", "n2", "n3", "n4", "n5", "n6", "n7")
    assert find_class_target(NAMES, "n2 vs n1", ids) == Difference(1, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "lion vs tabby kat",
            "There is no class “tabby kat” among the network's 7; did you mean “tabby cat”?",
        ),
        ("lino vs tabby cat", "did you mean “lion”?"),
        ("lion vs 0", "“lion vs 0” compares lion with itself; name two different classes."),
        ("lion vs 17", "There is no class 17; they are numbered 0 to 6."),
        ("lino", "did you mean “lion”?"),
        ("lion,dog", "“lion,dog” is not a class; to compare two, write “lion vs dog”."),
        ("lion , 3", "write “lion vs 3”"),
        ("Lion or tabby cat", "write “Lion vs tabby cat”"),
        ("lion/cat vs dog", "There is no class “lion/cat”"),  # “vs” is there, so a side is wrong
        ("lion versus dog", "write “lion vs dog”"),
        ("lion-dog", "write “lion vs dog”"),
        ("lion − snow-cat", "write “lion vs snow-cat”"),
        ("snow-cat-lion", "write “snow-cat vs lion”"),
        ("lion,kat", "There is no class “lion,kat”"),  # only one of them is a class
    ],
)
def test_what_is_no_class_is_told_with_the_nearest_name(text: str, sentence: str):
    with pytest.raises(UserError) as raised:
        find_target(SOURCE, SITES, text)
    assert sentence in str(raised.value)


def test_a_gate_is_read_unless_a_class_has_its_name():
    assert find_target(SOURCE, SITES, " SE_4_6[ 15 ] ") == Gate("SE_4_6", 15)
    assert find_target(SOURCE, SITES, "layer3.5.se[3]") == Gate("SE_4_6", 3)
    assert find_target(SOURCE, SITES, "SE_2_1[0]") == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("SE_4_6[16]", "“SE_4_6[16]” is not a gate: SE_4_6 has the channels 0 to 15."),
        ("SE_4_7[1]", "There is no block “SE_4_7” in Net; did you mean SE_4_6"),
    ],
)
def test_a_gate_that_the_network_lacks_is_told(text: str, sentence: str):
    with pytest.raises(UserError) as raised:
        find_target(SOURCE, SITES, text)
    assert sentence in str(raised.value)


def test_where_only_classes_can_be_followed_a_gate_is_refused_by_name():
    with pytest.raises(UserError, match=r"“SE_4_6\[3\]” is a gate, and here a class, or two"):
        class_target(SOURCE, "SE_4_6[3]")
    assert class_target(SOURCE, "SE_2_1[0]") == 4
