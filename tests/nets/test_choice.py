import pytest

from seviz.errors import UserError
from seviz.nets.choice import (
    all_stages,
    block_of,
    choose,
    distance,
    integrations,
    middle,
    nearest,
    places,
    stages,
)
from seviz.nets.variants import PLAIN, STANDARD, VARIANTS, Variant

NAMES = ("host", "integration", "squeeze", "excitation", "r")
OWN = dict(zip(NAMES, ("resnet", "standard", "avg", "sigmoid", 16), strict=True))


def test_the_choices_follow_the_host():
    assert integrations("resnet") == ("plain", "standard", "pre", "post", "identity", "3x3")
    assert integrations("vgg") == integrations("inception") == ("plain", "standard")
    assert [stages(host) for host in ("vgg", "inception", "resnet")] == [
        (1, 2, 3, 4, 5),
        (3, 4, 5),
        (2, 3, 4, 5),
    ]
    assert places("vgg") == ("1_1", "2_1", "3_1", "4_1", "4_2", "5_1", "5_2")


@pytest.mark.parametrize("chosen", [[], [2, 3, 4, 5], [5, 4, 3, 2, 1], [9]])
def test_all_stages_and_none_are_the_standard(chosen: list[int]):
    assert choose(**OWN, chosen=chosen) == STANDARD
    assert all_stages(STANDARD) == (2, 3, 4, 5)


def test_some_stages_stand_in_order():
    assert choose(**OWN, chosen=[5, 3]) == Variant(stages=(3, 5))


def test_what_another_host_left_behind_becomes_the_standard():
    assert choose(
        host="vgg", integration="post", squeeze="max", excitation="tanh", r=4, chosen=[1, 2]
    ) == Variant("vgg", "standard", "max", "tanh", 4, (1, 2))


def test_without_se_nothing_else_is_chosen():
    assert choose(
        host="inception", integration=PLAIN, squeeze="max", excitation="tanh", r=4, chosen=[3]
    ) == Variant("inception", PLAIN)


@pytest.mark.parametrize(
    "asked",
    [
        ("alexnet", "standard", "avg", "sigmoid", 16),
        ("resnet", "sideways", "avg", "sigmoid", 16),
        ("resnet", "standard", ["avg"], "sigmoid", 16),
        ("resnet", "standard", "avg", None, 16),
        ("resnet", "standard", "avg", "sigmoid", 0),
        ("resnet", "standard", "avg", "sigmoid", {"r": 2}),
    ],
)
def test_what_no_host_has_is_refused(asked: tuple):
    with pytest.raises(UserError, match="There is no such"):
        choose(**dict(zip(NAMES, asked, strict=True)), chosen=[])


def test_the_first_block_is_one_with_se_whose_shape_stays():
    assert middle(STANDARD) == "4_2"
    assert middle(Variant(stages=(2,))) == "2_2"
    assert block_of(STANDARD, "3_1").place == "3_1"
    assert block_of(STANDARD, "9_9").place == block_of(STANDARD, None).place == "4_2"


def test_the_nearest_are_those_that_differ_in_the_fewest_choices():
    trained = [variant for variant in VARIANTS.values() if not variant.plain]
    assert nearest(Variant("vgg", r=4), trained) == (Variant("vgg"), Variant(r=4))
    asked = Variant(integration="pre", squeeze="max", r=2)
    assert set(nearest(asked, trained)) == {
        Variant(integration="pre"),
        Variant(squeeze="max"),
        Variant(r=2),
    }
    assert distance(asked, Variant(r=2)) == 2
    assert nearest(asked, []) == ()
