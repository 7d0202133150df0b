import pytest

from seviz.gates.grammar import parse_arm
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN, Arm, Edit, Rule, name_twin
from seviz.words.arms import (
    RULES,
    arm_clause,
    arm_title,
    is_folded,
    is_twin,
    replacement_words,
    rule_words,
)


@pytest.mark.parametrize(
    ("arm", "title", "clause"),
    [
        (INTACT, "with gates", "with gates"),
        (STATIC, "gates at their mean", "with every gate frozen at its average"),
        (parse_arm("static"), "gates at their mean", "with every gate frozen at its average"),
        (IDENTITY, "gates at 1", "with every gate fully open (1)"),
        (parse_arm("uniform"), "one mean per block", "with each block’s gates at their mean"),
        (parse_arm("shuffle@3"), "shuffled", "with the gates of each block shuffled"),
        (TWIN, "trained without SE", "trained without SE"),
        *(
            (parse_arm(text), "edited", "with the edited gates")
            for text in ("SE_4*=static", "all[0:2]=identity", "0.5", "identity; SE_4_6=0")
        ),
    ],
)
def test_an_arm_is_named_by_what_is_done_to_all_gates(arm: Arm, title: str, clause: str):
    assert (arm_title(arm), arm_clause(arm)) == (title, clause)


def test_only_the_twin_is_the_twin():
    assert is_twin(TWIN)
    assert not any(map(is_twin, (INTACT, STATIC, parse_arm("SE_4_6=0"))))


def test_every_rule_without_a_number_has_its_words():
    named = {"static", "identity", "uniform", "shuffle", "twin"}
    assert set(RULES) == named
    assert all(rule_words(Rule(name)).startswith(words.each) for name, words in RULES.items())
    assert len({words.title for words in RULES.values()}) == len(named)
    assert arm_title(Arm("any name", (Edit(Rule("uniform")),))) == "one mean per block"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("static", "Holding the gates of SE_4_6 at their mean"),
        ("identity", "Setting the gates of SE_4_6 to 1"),
        ("uniform", "Setting the gates of SE_4_6 to their block’s mean"),
        ("shuffle", "Shuffling the gates of SE_4_6"),
        ("all=0.5", "Replacing the gates of SE_4_6 (each gate set to 0.5)"),
    ],
)
def test_what_a_rule_does_at_a_place_begins_a_sentence(text: str, says: str):
    assert replacement_words(parse_arm(text).edits[0].rule, "SE_4_6") == says


def test_a_folded_network_is_told_from_one_that_was_trained_without_se():
    (folded,) = name_twin([TWIN], "folded: SE_5_1 and 3 more static")
    assert (folded.name, folded.is_twin, is_twin(folded)) == ("twin", True, True)
    assert arm_title(folded) == "Folded: SE_5_1 and 3 more static"
    assert arm_clause(folded) == "in the network folded: SE_5_1 and 3 more static"
    assert "trained without SE" not in rule_words(folded.edits[0].rule)
    assert [is_folded(arm) for arm in (folded, TWIN, INTACT, STATIC)] == [True, False, False, False]
    assert name_twin([INTACT, STATIC], "folded") == (INTACT, STATIC)
