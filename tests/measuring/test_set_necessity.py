from itertools import combinations

import numpy as np
import pytest

from seviz.measuring.arm_answers import UNKNOWN, Answers
from seviz.measuring.set_necessity import (
    arm_losses,
    choose,
    losses_of,
    replaced,
    sweep_arms,
    swept_losses,
    whole_arms,
)
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.losses import Estimate, Loss

STATIC = Rule("static")
SITES = ["a", "b", "c", "d"]
IMAGES = 60


def made_answers(rows: int, *, classes: int = 3, seed: int = 0, known: bool = True) -> Answers:
    """Make random answers, of which those of the first row are often right."""
    noise = np.random.default_rng(seed)
    labels = noise.integers(0, classes, IMAGES)
    answers = noise.integers(0, classes, (rows, IMAGES))
    answers[0] = np.where(noise.random(IMAGES) < 0.7, labels, answers[0])
    scores = -noise.random((rows, IMAGES)).astype(np.float32)
    if not known:
        labels = np.full_like(labels, UNKNOWN)
    return Answers(np.arange(IMAGES), labels, answers, scores)


def sites_of(arm: Arm) -> list[str]:
    assert all(edit.rule == STATIC for edit in arm.edits)
    return [edit.place for edit in arm.edits]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_block_is_replaced_alone_and_with_all_on_either_side(count: int):
    sites = SITES[:count]
    arms = sweep_arms(sites, STATIC)
    assert arms[0] == INTACT
    assert len(arms) == max(2, 3 * count - 2)
    swept = swept_losses(sites, made_answers(len(arms)), ["x", "y", "z"])
    losses = {
        tuple(sites_of(arm)): of
        for arm, of in zip(arms[1:], losses_of(made_answers(len(arms))), strict=True)
    }
    for depth, (site, of) in enumerate(zip(sites, swept, strict=True)):
        for found, replaced_sites in zip(
            of, ([site], sites[depth:], sites[: depth + 1]), strict=True
        ):
            assert found.lost == losses[tuple(replaced_sites)].lost


def test_a_loss_is_counted_over_the_same_images():
    answers = made_answers(2)
    (found,) = losses_of(answers, ["x", "y", "z"])
    right = [answers.answers[row] == answers.labels for row in (0, 1)]
    assert found.lost.mean == pytest.approx(right[0].mean() - right[1].mean())
    change = answers.scores[1].astype(float) - answers.scores[0]
    assert found.score.mean == pytest.approx(change.mean())
    assert found.stays == np.mean(answers.answers[0] == answers.answers[1])
    lost = right[0].astype(int) - right[1]
    by_class = {
        name: (int((answers.labels == i).sum()), int(lost[answers.labels == i].sum()))
        for i, name in enumerate("xyz")
    }
    shares = [by_class[of.name][1] / by_class[of.name][0] for of in found.hurt]
    assert [(of.images, of.lost) for of in found.hurt] == [by_class[of.name] for of in found.hurt]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) > 0


def test_classes_of_few_images_and_of_unknown_ones_tell_nothing():
    few = made_answers(2, classes=30)  # two images a class
    assert losses_of(few, [str(i) for i in range(30)])[0].hurt == ()
    (unknown,) = losses_of(made_answers(2, known=False), ["x", "y", "z"])
    assert unknown.hurt == ()
    assert unknown.lost.mean == pytest.approx(1 - unknown.stays)


def test_arms_of_all_blocks_have_an_accuracy():
    arms = whole_arms(static=True, donors=True)
    names = ["intact", "static", "resampled", "uniform", "shuffled", "identity"]
    assert [arm.name for arm in arms] == names
    assert [arm.name for arm in whole_arms(static=False, donors=False)] == [names[0], *names[3:]]
    answers = made_answers(len(arms))
    found = arm_losses(arms, answers, ())
    assert [of.arm for of in found] == names
    assert [of.accuracy.mean for of in found] == pytest.approx(answers.right.mean(1))
    assert all(of.accuracy.low < of.accuracy.mean < of.accuracy.high for of in found)
    assert found[0].loss.lost == Estimate(0, 0, 0)


def test_the_interval_of_a_share_of_few_images_stays_within_all_of_them():
    answers, scores = np.array([[0, 0], [0, 1]]), np.zeros((2, 2), np.float32)
    (loss,) = losses_of(Answers(np.arange(2), np.zeros(2, np.int64), answers, scores))
    assert loss.lost == Estimate(0.5, -1, 1)


def loss_of(lost: float, score: float = 0.0) -> Loss:
    return Loss(Estimate(lost, lost, lost), Estimate(score, score, score), 1.0)


def test_each_step_takes_the_block_with_which_fewest_images_are_lost():
    noise = np.random.default_rng(3)
    sets = [frozenset(of) for n in range(1, 5) for of in combinations(SITES, n)]
    table = {of: loss_of(0.01 * len(of) + 0.001 * noise.integers(0, 9)) for of in sets}
    asked = []

    def ask(arms: list[Arm]) -> list[Loss]:
        asked.extend(map(sites_of, arms))
        return [table[frozenset(sites_of(arm))] for arm in arms]

    alone = [table[frozenset([site])] for site in SITES]
    steps = choose(SITES, STATIC, alone=alone, budget=100, ask=ask)
    chosen = set()
    for site, found in steps:
        best = min(table[frozenset({*chosen, s})].lost.mean for s in SITES if s not in chosen)
        chosen.add(site)
        assert found.lost.mean == table[frozenset(chosen)].lost.mean == best
    assert chosen == set(SITES)
    assert all(of == [site for site in SITES if site in of] for of in asked)  # in order of depth
    assert len(asked) == 3 + 2 + 1
    for most in range(1, 4):  # a choice that ended goes on as if it had not
        assert choose(SITES, STATIC, alone=[], budget=100, ask=ask, first=steps[:most]) == steps
    ended = steps[-1][1].lost.mean
    again = choose(SITES, STATIC, alone=[], budget=100 * ended - 0.01, ask=ask, first=steps)
    assert again == steps


def test_the_step_that_loses_more_than_the_budget_is_the_last():
    alone = [loss_of(0.02), loss_of(0.004), loss_of(0.004, score=0.1), loss_of(0.03)]
    asked = []

    def ask(arms: list[Arm]) -> list[Loss]:
        asked.append(len(arms))
        return [loss_of(0.006) for _ in arms]

    steps = choose(SITES, STATIC, alone=alone, budget=0.5, ask=ask)
    assert [site for site, _ in steps] == ["c", "a"]  # of equals, the one that keeps more score
    assert asked == [3]
    assert [site for site, _ in choose(SITES, STATIC, alone=alone, budget=0, ask=ask)] == ["c"]


def test_an_arm_is_named_for_its_blocks():
    arm = replaced(STATIC, ["a", "c"])
    assert arm == Arm("a and c", (Edit(STATIC, "a"), Edit(STATIC, "c")))
