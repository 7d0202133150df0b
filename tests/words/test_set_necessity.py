from dataclasses import replace

import pytest
from made_losses import made_loss, made_necessity

from seviz.measuring.set_necessity import whole_arms
from seviz.records.losses import Estimate, GreedyPath, HurtClass, Step
from seviz.words.set_necessity import (
    TOO_FEW,
    about_words,
    accuracy_words,
    arm_words,
    dynamic_words,
    fold_title,
    hurt_words,
    lost_words,
    necessity_lines,
    steps_words,
    unmeasured_words,
)


def test_a_loss_is_a_negative_change_of_accuracy():
    assert lost_words(Estimate(0.0123, 0.004, 0.0206)) == "−1.2 [−2.1, −0.4]"
    assert lost_words(Estimate(0, 0, 0)) == "0.0 [0.0, 0.0]"
    assert accuracy_words(Estimate(0.57, 0.56, 0.58)) == "57.0 % [56.0, 58.0]"


def test_classes_are_named_with_their_images():
    found = made_necessity().blocks[1].alone
    assert hurt_words(found.hurt) == "lion (6 of 50)"
    assert hurt_words(()) == ""


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (0.2, "No block can be replaced within a budget of 0.2 points: SE_2_1, which loses least,"),
        (
            0.3,
            "Within a budget of 0.3 points, the 490 images that choose allow one block, SE_2_1. It "
            "changes the accuracy by −0.5 [−1.5, +0.5] points on the 510 others. These images are "
            "too few to tell a loss of 0.3 points from none.",
        ),
        (
            1,
            "Within a budget of 1 point, the 490 images that choose allow 3 blocks, in this order: "
            "SE_2_1, SE_2_2 and SE_3_1. Together they change the accuracy by −1.5 [−2.5, −0.5] "
            "points on the 510 others.",
        ),
    ],
)
def test_the_set_of_a_budget_is_said_with_what_other_images_tell(budget: float, says: str):
    assert steps_words(made_necessity().path, budget).startswith(says)


def test_a_choice_that_fits_only_the_images_that_made_it_is_said():
    step = Step("SE_2_1", chosen=made_loss(0.1), checked=made_loss(2))
    found = steps_words(GreedyPath(0.5, 10, 10, (step,)), 0.5)
    assert found.endswith("lost only 0.1 points: a choice fits the images that made it.")
    assert "made it" not in steps_words(made_necessity().path, 1)


def test_too_few_images_for_a_budget_are_said():
    path = made_necessity().path  # its intervals reach one point to either side
    assert "too few to tell a loss of 0.65 points from none" in steps_words(path, 0.65)
    for budget in (0, 1.001):
        assert "too few" not in steps_words(path, budget)


def test_a_network_that_is_hardly_ever_right_tells_nothing():
    found = made_necessity()
    intact = replace(found.arms[0], accuracy=Estimate(0.009, 0.0, 0.02))
    hardly = list(necessity_lines(replace(found, arms=(intact, *found.arms[1:]))))
    assert any(line.endswith("so this tells nothing.") for line in hardly)
    assert not any(line.endswith("so this tells nothing.") for line in necessity_lines(found))


def test_where_no_class_has_enough_images_it_is_said():
    found = made_necessity()
    named = replace(found.arms[1].loss, hurt=(HurtClass("lion", 50, 3),))
    assert any("none has 10 images" in line for line in necessity_lines(found))
    arms = (found.arms[0], replace(found.arms[1], loss=named))
    assert not any("none has 10" in line for line in necessity_lines(replace(found, arms=arms)))


def test_a_budget_beyond_the_choice_is_told_where_it_ended():
    path = replace(made_necessity().path, budget=0.5)
    assert steps_words(path, 5).endswith("not measured: the choice ended at 0.5 points.")
    assert "not measured" not in steps_words(path, 0.5)
    assert "not measured" not in steps_words(made_necessity().path, 5)  # all blocks are in it


def test_the_report_has_a_row_a_block_and_an_arm():
    lines = list(necessity_lines(made_necessity()))
    assert lines[0] == "A made network is right on 57.0 % [54.0, 60.0]."
    assert sum(line.startswith("SE_2_1") for line in lines) == 4
    assert sum("SE_2_2  " in line and "lion (6 of 50)" in line for line in lines) == 1
    (static,) = (line for line in lines if line.startswith("static"))
    assert static.split("  ")[1:] and "24.6 % [21.6, 27.6]" in static
    assert "−32.4 [−33.4, −31.4]" in static


def test_without_classes_and_for_few_images_the_report_says_so():
    found = replace(made_necessity(), labelled=False, path=None, statistics="", note="a note")
    lines = list(necessity_lines(found))
    assert not lines[0].startswith("A made network is right")
    assert "intact network’s answer" in about_words(found)
    assert TOO_FEW in lines
    assert lines[-1] == "\na note"


def test_what_hangs_on_the_image_is_said_in_two_sentences():
    said = dynamic_words(made_necessity())
    assert said.startswith("Of 1,000 images of made (val), A made network is right on 57.0 %, with")
    assert "frozen at its mean on 24.6 %, with every gate at 1 on 0.7 %. So 32.4 points" in said
    assert said.count(". ") == 1
    unknown = dynamic_words(replace(made_necessity(), arms=made_necessity().arms[:1]))
    assert unknown.startswith("1,000 images of made (val), the same in each row.")


def test_buttons_and_waiting_are_said():
    assert fold_title(0) == "No block fits this budget"
    assert (fold_title(1), fold_title(4)) == ("Fold this block", "Fold 4 blocks")
    assert "--model mine" in unmeasured_words("Mine", "mine")
    for arm in whole_arms(static=True, donors=True):
        assert arm_words(arm.name)
