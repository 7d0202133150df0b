import pytest
from made_removal import GATE, RANDOM, SCORE, made_curve, made_point, made_removal

from seviz.words.removal import (
    chosen_words,
    loss_words,
    removal_words,
    verdicts,
    what_words,
)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "of each block’s channels, 80 together"),
        ({"across": True}, "of all 80 channels, in one ranking over all blocks"),
        ({"block": "SE_4_6"}, "of the 80 channels of SE_4_6, with all other blocks intact"),
    ],
)
def test_what_is_removed(options, says: str):
    assert what_words(made_removal(GATE, **options)) == says


def test_a_paragraph_says_the_cost_and_which_orders_are_better_than_chance():
    assert removal_words(made_removal(GATE, SCORE, *RANDOM)) == (
        "Without 25 % of each block’s channels, 80 together, removed by the smallest mean gate, "
        "45 % of the answers are right instead of 50 %: −5.0 points (−7.0 to −3.0); at random it "
        "is 35 % (30 % to 40 % by seed). The smallest mean gate first: better than at random at 3 "
        "of 3 shares; on average +10.0 points. The smallest mean |s · ∂logit/∂s| first: worse than "
        "at random at 3 of 3 shares; on average −10.0 points. The accuracy is of 200 images; mean "
        "gates and deviations are of train and scores are of 190 other images of the data set."
    )


def test_an_order_that_is_no_better_is_called_so():
    same = made_curve("deviation", None, 0.4, 0.3, 0.2, 0.0, ahead=0.01)
    (said,) = verdicts(made_removal(same, *RANDOM))
    assert said == (
        "The smallest deviation of the gate first: no different from random at any of 3 shares; on "
        "average +1.0 points."
    )
    once = made_curve("gate", None, 0.4, 0.0, ahead=0.03)
    (said,) = verdicts(made_removal(once, *RANDOM[:1]))
    assert said.startswith("The smallest mean gate first: better than at random at 1 of 1 shares;")


def test_without_random_orders_nothing_is_compared_with_them():
    assert list(verdicts(made_removal(GATE))) == []
    assert "random" not in removal_words(made_removal(GATE))
    alone = removal_words(made_removal(*RANDOM))
    assert alone.startswith(
        "Without 25 % of each block’s channels, 80 together, removed by chance,"
    )
    assert chosen_words(made_removal(*RANDOM)) == "The accuracy is of 200 images."


def test_a_loss_has_its_interval():
    assert loss_words(made_point(0.5, 0.375).lost) == "−12.5 points (−14.5 to −10.5)"
