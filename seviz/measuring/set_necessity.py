"""Which blocks a network needs over a data set: what is lost where their gates are replaced."""

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from seviz.measuring.arm_answers import OTHERS, UNKNOWN, Answers, Integers
from seviz.measuring.intervals import Doubles, paired, wilson
from seviz.records.arms import IDENTITY, INTACT, SHUFFLED, STATIC, UNIFORM, Arm, Edit, Rule
from seviz.records.losses import FEW, ArmLoss, Estimate, HurtClass, Loss

HURT = 3  # classes that lose most, of those with enough images
RESAMPLED = Arm("resampled", (Edit(OTHERS),))
Swept = tuple[Loss, Loss, Loss]  # of a block alone, it and all later ones, all up to it
Chosen = tuple[str, Loss]  # a block, and what it loses together with those chosen before it


def sweep_arms(sites: Sequence[str], rule: Rule) -> list[Arm]:
    """Return intact, each block alone, each with all later ones, and each with all before it.

    Of D blocks these are 1 + D + (D − 1) + (D − 2) arms: of the last block, “onward” is “alone”, so
    is “up to” of the first, and “up to” the last is “onward” from the first.
    """
    return [
        INTACT,
        *(replaced(rule, [site]) for site in sites),
        *(replaced(rule, sites[d:]) for d in range(len(sites) - 1)),
        *(replaced(rule, sites[: d + 1]) for d in range(1, len(sites) - 1)),
    ]


def replaced(rule: Rule, sites: Sequence[str]) -> Arm:
    """Return the arm in which the gates of some blocks are replaced."""
    return Arm(" and ".join(sites), tuple(Edit(rule, site) for site in sites))


def swept_losses(sites: Sequence[str], answers: Answers, labels: Sequence[str]) -> list[Swept]:
    """Return what is lost by block, from the answers of `sweep_arms`; labels: names of classes."""
    count, losses = len(sites), losses_of(answers, labels)[: max(1, 3 * len(sites) - 3)]
    alone = losses[:count]
    onward = [*losses[count : 2 * count - 1], alone[-1]]
    upto = [alone[0], *losses[2 * count - 1 :], onward[0]][:count]
    return list(zip(alone, onward, upto, strict=True))


def whole_arms(*, static: bool, donors: bool) -> list[Arm]:
    """Return the arms that take parts of what gates do from all blocks at once, intact first.

    static: whether there are statistics; donors: whether there are gates of other images.
    """
    return [
        INTACT,
        *([STATIC] if static else []),
        *([RESAMPLED] if donors else []),
        *(UNIFORM, SHUFFLED, IDENTITY),
    ]


def arm_losses(arms: Sequence[Arm], answers: Answers, labels: Sequence[str]) -> tuple[ArmLoss, ...]:
    """Return the accuracy of arms, the first of which is intact, and what they lose against it."""
    images = len(answers)
    return tuple(
        ArmLoss(arm.name, _accuracy(share, images), _loss(answers, row, labels))
        for row, (arm, share) in enumerate(zip(arms, answers.right.mean(1), strict=True))
    )


def _accuracy(share: float, images: int) -> Estimate:
    return Estimate(float(share), *wilson(float(share), images))


def losses_of(answers: Answers, labels: Sequence[str] = ()) -> list[Loss]:
    """Return what each arm but the first loses against it; labels: the classes' names."""
    return [_loss(answers, row, labels) for row in range(1, len(answers.answers))]


def _loss(answers: Answers, row: int, labels: Sequence[str]) -> Loss:
    right, scores = answers.right, answers.scores.astype(np.float64)
    lost = right[0].astype(np.float64) - right[row]
    return Loss(
        lost=_share(paired(lost)),
        score=paired(scores[row] - scores[0]),
        stays=float((answers.answers[row] == answers.answers[0]).mean()),
        hurt=tuple(_hurt(answers.labels, lost, labels)) if labels else (),
    )


def _share(of: Estimate) -> Estimate:
    """Keep the interval of a share of images, which few images make wide, within −1 … 1."""
    return Estimate(of.mean, *np.clip((of.low, of.high), -1, 1).tolist())


def _hurt(of_images: Integers, lost: Doubles, names: Sequence[str]) -> Iterator[HurtClass]:
    """Yield the classes that lose the largest share of their images, none that loses nothing."""
    known = of_images != UNKNOWN
    images = np.bincount(of_images[known], minlength=len(names))
    sums = np.bincount(of_images[known], lost[known], minlength=len(names))
    shares = np.where(images >= FEW, sums / np.maximum(images, 1), 0)
    for label in np.argsort(-shares, kind="stable")[:HURT]:
        if shares[label] > 0:
            yield HurtClass(names[label], int(images[label]), round(sums[label]))


def choose(
    sites: Sequence[str],
    rule: Rule,
    *,
    alone: Sequence[Loss],
    budget: float,
    ask: Callable[[Sequence[Arm]], Sequence[Loss]],
    first: Sequence[Chosen] = (),
) -> list[Chosen]:
    """Choose block after block, at each step the one with which fewest images are lost.

    Among equals, the one that keeps most of the score, then the first. The step that loses more
    than the budget, in points, is the last one. alone: what each block loses by itself; ask: tells
    what arms lose; first: the steps of an earlier choice, which goes on. Returns the blocks with
    what they and those before lose.
    """
    steps = list(first)
    while len(steps) < len(sites) and not (steps and 100 * steps[-1][1].lost.mean > budget):
        chosen = [site for site, _ in steps]
        left = [site for site in sites if site not in chosen]
        together = [replaced(rule, in_order(sites, [*chosen, site])) for site in left]
        losses = ask(together) if steps else alone
        best = min(range(len(left)), key=lambda i: (losses[i].lost.mean, -losses[i].score.mean))
        steps.append((left[best], losses[best]))
    return steps


def in_order(sites: Sequence[str], some: Collection[str]) -> list[str]:
    """Return some blocks in the order of all."""
    return [site for site in sites if site in some]
