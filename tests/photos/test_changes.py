import pytest

from seviz.errors import UserError
from seviz.photos.changes import (
    BY_NAME,
    CHANGES,
    check_region,
    check_seed,
    check_strength,
    find_change,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_strengths_grow_from_the_one_that_changes_nothing(change):
    assert (change.lowest, change.highest) == tuple(sorted((change.neutral, change.strongest)))
    assert change.values[0] == change.neutral
    assert change.values[-1] == change.strongest
    assert change.lowest <= change.default <= change.highest
    assert change.default != change.neutral
    sizes = [abs(value - change.neutral) for value in change.values]
    assert sizes == sorted(set(sizes))
    for strength in change.values:
        assert check_strength(change, strength) == strength


@pytest.mark.parametrize(
    ("name", "strength", "says"),
    [
        ("jigsaw", 4.5, r"strength is 4\.5; for jigsaw \(tiles along each side\) give a whole"),
        ("jigsaw", 17, "from 1 to 16"),
        ("jpeg", 0, "from 1 to 100"),
        ("mirrored", 2, "for mirrored give a whole number from 0 to 1"),
        ("blurred", float("nan"), "give a number from 0 to 10"),
        ("blurred", "much", "strength is much"),
        ("blurred", True, "strength is True"),
        ("blurred", None, "strength is None"),
    ],
)
def test_a_strength_that_there_is_not_gets_one_sentence(name: str, strength: object, says: str):
    with pytest.raises(UserError, match=says):
        check_strength(find_change(name), strength)


def test_strengths_seeds_and_regions_that_there_are():
    assert check_strength(BY_NAME["jigsaw"], 4) == 4
    assert check_strength(BY_NAME["blurred"], 0.25) == 0.25
    assert (check_seed(0), check_seed(7.0)) == (0, 7)
    assert check_region("top") == "top"


@pytest.mark.parametrize("seed", [-1, 1_000_000, 1.5, "1", None, True, float("inf")])
def test_a_seed_that_is_none_gets_one_sentence(seed: object):
    with pytest.raises(UserError, match="give a whole number from 0 to 999,999"):
        check_seed(seed)


def test_names_that_there_are_not_get_the_nearest():
    with pytest.raises(UserError, match="no change “jigsow”; did you mean jigsaw"):
        find_change("jigsow")
    with pytest.raises(UserError, match="no region “center”; did you mean centre"):
        check_region("center")
    with pytest.raises(UserError, match="no region “7”"):
        check_region(7)
