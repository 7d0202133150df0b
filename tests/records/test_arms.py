from seviz.records.arms import ARMS, IDENTITY, TWIN, Arm


def test_the_twin_is_told_by_its_edit_whatever_its_name():
    assert TWIN.is_twin and Arm("plain", TWIN.edits).is_twin
    assert [name for name, arm in ARMS.items() if arm.is_twin] == ["twin"]
    assert not Arm("twin").is_twin
    assert not Arm("both", (*IDENTITY.edits, *TWIN.edits)).is_twin
