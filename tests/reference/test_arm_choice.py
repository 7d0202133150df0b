from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arm
from seviz.records.arms import ARMS, IDENTITY, INTACT, SHUFFLED, STATIC, TWIN, UNIFORM
from seviz.reference.arm_choice import default_arms, possible_arms
from seviz.reference.gather import reference, set_reference
from seviz.zoo import download
from seviz.zoo.registered import Embedded


def test_the_arms_to_choose_from_come_in_one_order_by_their_names():
    assert list(ARMS) == ["intact", "static", "identity", "uniform", "shuffled", "twin"]
    for arm in ARMS.values():
        assert parse_arm(f"{arm.name}: {arm_text(arm.edits)}") == arm
    assert arm_text(SHUFFLED.edits) == arm_text(parse_arm("shuffle@0").edits)
    assert parse_arm("uniform") == UNIFORM


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_static_needs_statistics_and_the_twin_arm_a_twin():
    assert possible_arms("embedded") == tuple(ARMS.values())
    assert possible_arms("lab_vgg_se") == (INTACT, IDENTITY, UNIFORM, SHUFFLED, TWIN)
    assert possible_arms("legacy_seresnet18") == (INTACT, IDENTITY, UNIFORM, SHUFFLED)


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_by_default_are_compared_intact_without_gates_and_the_twin():
    assert default_arms("seresnet50_slim") == (INTACT, STATIC, TWIN)
    assert default_arms("lab_vgg_se") == (INTACT, IDENTITY, TWIN)
    assert default_arms("legacy_seresnet18") == (INTACT, IDENTITY)


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_statistics_that_people_brought_make_static_possible():
    shipped = reference("embedded")
    assert shipped is not None
    set_reference(type(shipped)(**{**vars(shipped), "model": "lab_vgg_se", "weights": None}))
    assert STATIC in possible_arms("lab_vgg_se")
    assert default_arms("lab_vgg_se") == (INTACT, STATIC, TWIN)


def test_a_twin_that_is_not_on_this_machine_is_not_compared_by_default(monkeypatch):
    monkeypatch.setattr(Embedded, "fetch", lambda self: Path("nowhere"))
    assert default_arms("embedded") == (INTACT, STATIC)
    assert TWIN in possible_arms("embedded")


def test_a_published_twin_is_compared_by_default_once_it_is_downloaded(monkeypatch):
    assert possible_arms("seresnet50") == (INTACT, IDENTITY, UNIFORM, SHUFFLED, TWIN)
    assert default_arms("seresnet50") == (INTACT, IDENTITY)
    monkeypatch.setattr(download, "cached_file", lambda kind, origin: Path(origin))
    assert default_arms("seresnet50") == (INTACT, IDENTITY, TWIN)


def test_an_unknown_network_gets_a_sentence():
    with pytest.raises(UserError, match="There is no network"):
        possible_arms("nothing")
