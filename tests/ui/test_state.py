from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.gates.grammar import parse_arm
from seviz.gates.history import History
from seviz.records.arms import IDENTITY, INTACT, SHUFFLED, STATIC, TWIN, UNIFORM
from seviz.records.target import Difference, Gate
from seviz.reference.gather import reference, set_reference
from seviz.ui.state import (
    chosen_arms,
    edited_arm,
    fitting_edits,
    followed,
    off_arm,
    offered_columns,
    row_of,
)

RECORD = replace(
    made_trace([[0.0, 2.0, 1.0]] * 4), model="embedded", arms=(INTACT, STATIC, IDENTITY, TWIN)
)


@pytest.mark.usefixtures("no_laboratory_statistics")
@pytest.mark.parametrize("key", ["seresnet50.a1_in1k", "lab_vgg_se"])
def test_a_column_is_offered_where_the_network_can_have_it(key: str):
    assert offered_columns("embedded") == ["static", "identity", "uniform", "shuffled", "twin"]
    without = [name for name in offered_columns(key) if name != "twin"]
    assert without == ["identity", "uniform", "shuffled"]
    set_reference(replace(reference("embedded"), model=key, weights=None, pixels=None))
    assert offered_columns(key)[0] == "static"


@pytest.mark.parametrize(
    ("columns", "arms"),
    [
        (["identity"], [INTACT, IDENTITY]),
        (["twin", "shuffled", "static"], [INTACT, STATIC, SHUFFLED, TWIN]),  # in the usual order
        (["uniform", "uniform"], [INTACT, UNIFORM]),
        (["intact", "identity"], [INTACT, IDENTITY]),
        (["no such", "static"], [INTACT, STATIC]),
        (
            ["static", "identity", "uniform", "shuffled", "twin"],
            [INTACT, STATIC, IDENTITY, UNIFORM, SHUFFLED],
        ),
        (
            ["twin", "shuffled", "uniform", "identity", "static"],  # those chosen first stay
            [INTACT, IDENTITY, UNIFORM, SHUFFLED, TWIN],
        ),
        (["twin"], [INTACT, TWIN]),
    ],
)
def test_the_network_as_trained_stands_before_up_to_four_others(columns: list[str], arms: list):
    assert chosen_arms("embedded", columns) == arms


@pytest.mark.usefixtures("no_laboratory_statistics")
@pytest.mark.parametrize(
    "forged", [None, [], "identity", {"identity": 1}, 7, [None], [["static"]], ["intact"], ["no"]]
)
def test_forged_columns_are_the_default_ones(forged: object):
    assert chosen_arms("embedded", forged) == [INTACT, STATIC, TWIN]
    assert chosen_arms("lab_vgg_se", forged)[:2] == [INTACT, IDENTITY]


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_column_that_another_network_had_is_left_out():
    assert chosen_arms("lab_vgg_se", ["static", "uniform"]) == [INTACT, UNIFORM]
    assert chosen_arms("lab_vgg_se", ["static"])[:2] == [INTACT, IDENTITY]


@pytest.mark.parametrize(
    ("arm", "row"),
    [
        ("static", 1),
        ("identity", 2),
        ("twin", 3),
        ("intact", 1),
        ("uniform", 1),
        (None, 1),
        (["static"], 1),
        (2, 1),
    ],
)
def test_the_compared_arm_is_found_by_its_name_else_it_is_the_first(arm: object, row: int):
    assert row_of(RECORD, arm) == row


def test_a_trace_without_another_arm_is_compared_with_itself():
    assert row_of(made_trace([[0.0, 1.0]]), "static") == 0


@pytest.mark.parametrize(
    ("arm", "off"),
    [("static", STATIC), ("identity", IDENTITY), ("twin", STATIC), ("intact", STATIC), (7, STATIC)],
)
def test_gates_are_never_edited_as_in_the_twin(arm: object, off: object):
    assert off_arm(RECORD, arm) == off


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_where_the_chosen_arm_edits_no_gates_the_default_one_does():
    beside_the_twin = replace(RECORD, arms=(INTACT, TWIN))
    assert off_arm(beside_the_twin, "twin") == STATIC
    assert off_arm(replace(RECORD, arms=(INTACT,)), "static") == STATIC
    edited = replace(RECORD, arms=(INTACT, parse_arm("SE_4_6=0")))
    assert off_arm(edited, edited.arms[1].name) == STATIC
    assert off_arm(replace(beside_the_twin, model="lab_vgg_se"), "twin") == IDENTITY


@pytest.mark.parametrize(
    ("target", "index"),
    [
        *[(0, 0), (2, 2), (3, 1), (-1, 1), (None, 1), ("0", 1), (0.0, 1), ([0], 1)],
        (Difference(0, 2), Difference(0, 2)),
        (Difference(0, 3), 1),
        (Difference(2, 2), 1),
        (Gate("SE_2_1", 0), 1),
    ],
)
def test_a_class_that_the_network_lacks_is_not_followed(target: object, index: object):
    found = followed(RECORD, target)
    assert found == index
    assert not isinstance(found, np.integer)


def test_the_edits_that_fit_a_network_are_an_arm():
    site = RECORD.sites[0]
    edits = History(parse_arm(f"{site.name}[0]=0; SE_9_9=0").edits)
    assert fitting_edits(RECORD, edits) == edits.edits[:1]
    assert edited_arm(RECORD, edits) == parse_arm(f"{site.name}[0]=0")
    for none in (None, History(), History(parse_arm("SE_9_9=0").edits)):
        assert edited_arm(RECORD, none) is None
