import sys

import pytest

from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.examples import EXAMPLES, Offer, examples_for, judge
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.zoo.catalogue import EMBEDDED, find, openable_sources

OWN = [s.key for s in openable_sources() if s.group in ("embedded", "laboratory")]


def offered(key: str) -> list[tuple[str, bool | None, bool | None]]:
    offers = examples_for(key, find(key).folders)
    return [(offer.example.name, offer.known, offer.right) for offer in offers]


@pytest.mark.parametrize("key", OWN)
def test_what_is_said_to_be_right_or_wrong_is_what_the_network_answers(key: str):
    folders = find(key).folders
    assert folders is not None
    for offer in examples_for(key, folders):
        answer = ask(trace, key, read_photo(offer.example.path), [INTACT]).top(0, 1)[0]
        assert offer.right is (folders[answer.index] in offer.example.classes)
        assert offer.known is bool(offer.example.classes & set(folders))


def test_the_embedded_network_knows_all_but_the_cheetah_and_gets_them_right():
    known = [(name, True, True) for name in ("lion", "cat", "espresso")]
    assert offered(EMBEDDED) == [*known, ("cheetah", False, False)]


def test_what_a_network_gets_wrong_comes_after_what_it_gets_right():
    lion, cat = ("lion", True, False), ("cat", True, False)
    none = [("espresso", False, False), ("cheetah", False, False)]
    assert offered("lab_resnet_se") == [lion, cat, *none]
    assert offered("lab_inception_se") == [("lion", True, True), cat, *none]


def test_of_published_networks_it_was_not_measured():
    names = ("lion", "cat", "espresso", "cheetah")
    assert offered("seresnet50") == [(name, True, None) for name in names]


def test_classes_may_be_names_or_unknown():
    offers = examples_for("checkpoint", ["dog", "cheetah"])
    assert [(o.example.name, o.known) for o in offers][:2] == [("cheetah", True), ("lion", False)]
    assert {(o.known, o.right) for o in examples_for("checkpoint", None)} == {(None, None)}


def test_an_answer_to_an_example_is_judged_by_the_networks_own_classes():
    lion, cat = EXAMPLES[:2]
    classes = ["n02129165", "dog", "tabby"]
    assert judge("a lion", classes, 0) == Offer(lion, known=True, right=True)
    assert judge("a lion", classes, 1) == Offer(lion, known=True, right=False)
    assert judge("a tabby cat", classes, 2) == Offer(cat, known=True, right=True)
    assert judge("a lion", ["dog"], 0) == Offer(lion, known=False, right=False)
    assert judge("a lion", None, 0) == Offer(lion, known=None, right=None)
    assert judge(None, classes, 0) is judge("a garden", None, 0) is None


def test_the_names_of_classes_are_those_of_networks():
    labels = {label for key in ("embedded", "seresnet50") for label in find(key).labels}
    for example in EXAMPLES:
        assert example.classes & labels
        assert example.shows.split()[0] == "a"


def test_a_package_that_is_not_there_brings_no_examples(monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage", None)
    monkeypatch.setattr(sys, "path", [])
    assert all(offer.example.package == "gradio" for offer in examples_for(EMBEDDED, []))
