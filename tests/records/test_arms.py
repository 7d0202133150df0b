import pytest

from seviz.errors import UserError
from seviz.records.arms import ARMS, IDENTITY, TWIN, Arm, Rule, check_arms


def test_the_twin_is_told_by_its_edit_whatever_its_name():
    assert TWIN.is_twin and Arm("plain", TWIN.edits).is_twin
    assert [name for name, arm in ARMS.items() if arm.is_twin] == ["twin"]
    assert not Arm("twin").is_twin
    assert not Arm("both", (*IDENTITY.edits, *TWIN.edits)).is_twin


def test_a_rule_knows_what_it_mixes_in():
    inner = Rule("mix", 0.5, of=Rule("static"))
    assert Rule("mix", 0.3, of=inner).all == (Rule("mix", 0.3, of=inner), inner, Rule("static"))


@pytest.mark.parametrize("arms", ["static", ["static"], [], None, IDENTITY, {IDENTITY}])
def test_what_are_no_arms_is_a_sentence(arms: object):
    check_arms([IDENTITY, TWIN])
    with pytest.raises(UserError, match=r"Give a list of arms, such as seviz\.parse_arms"):
        check_arms(arms)
