"""Which blocks a network needs over a data set: what is lost where their gates are replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.measuring.arm_answers import UNKNOWN, Answers
from seviz.measuring.intervals import Estimate, paired
from seviz.records.arms import INTACT, Arm, Edit, Rule

HURT = 3  # classes that lose most, of those with enough images
FEW = 10  # images of a class, fewer of which tell nothing
Ask = Callable[[Sequence[Arm]], Answers]  # the answers of arms, intact first, to the same images


@dataclass(frozen=True)
class HurtClass:
    """A class by its number, its images, and how many of them more are wrong than intact."""

    label: int
    images: int
    lost: int


@dataclass(frozen=True)
class Loss:
    """What an arm loses against the intact network, over the same images.

    lost: the accuracy that is lost, a share of the images; score: the mean change of the class's
    log-probability, in nats; stays: the share of images whose first answer stays; hurt: the classes
    that lose most. Of images without classes, the class is the intact network's answer.
    """

    lost: Estimate
    score: Estimate
    stays: float
    hurt: tuple[HurtClass, ...]


@dataclass(frozen=True)
class BlockLosses:
    """What is lost where the gates of a block are replaced.

    alone: of this block only; onward: of this and all later ones; upto: of all blocks up to it.
    """

    site: str
    alone: Loss
    onward: Loss
    upto: Loss


def sweep_arms(sites: Sequence[str], rule: Rule) -> list[Arm]:
    """Return intact, each block alone, each with all later ones, and each with all before it.

    Of D blocks these are 1 + D + (D − 1) + (D − 2) arms: of the last block, “onward” is “alone”, so
    is “up to” of the first, and “up to” the last is “onward” from the first.
    """

    def arm(name: str, of: Sequence[str]) -> Arm:
        return Arm(name, tuple(Edit(rule, site) for site in of))

    return [
        INTACT,
        *(arm(site, [site]) for site in sites),
        *(arm(f"{site} and on", sites[d:]) for d, site in enumerate(sites[:-1])),
        *(arm(f"up to {site}", sites[: d + 1]) for d, site in enumerate(sites[:-1]) if d),
    ]


def block_losses(sites: Sequence[str], answers: Answers) -> tuple[BlockLosses, ...]:
    """Return what is lost by block, from the answers of `sweep_arms`."""
    count = len(sites)
    losses = [loss(answers, row) for row in range(len(answers.answers))]
    alone = losses[1 : count + 1]
    onward = [*losses[count + 1 : 2 * count], alone[-1]]
    upto = [alone[0], *losses[2 * count :], onward[0]][:count]
    return tuple(map(BlockLosses, sites, alone, onward, upto))


def loss(answers: Answers, row: int, *, first: int = 0) -> Loss:
    """Return what an arm loses against the first one, by their rows."""
    right, scores = answers.right, answers.scores.astype(np.float64)
    lost = right[first].astype(np.float64) - right[row]
    return Loss(
        lost=paired(lost),
        score=paired(scores[row] - scores[first]),
        stays=float((answers.answers[row] == answers.answers[first]).mean()),
        hurt=_hurt(answers.labels, lost),
    )


def _hurt(labels: npt.NDArray[np.int64], lost: npt.NDArray[np.float64]) -> tuple[HurtClass, ...]:
    """Return the classes that lose the largest share of their images, none that loses nothing."""
    known = labels != UNKNOWN
    if not known.any():
        return ()
    images = np.bincount(labels[known])
    sums = np.bincount(labels[known], lost[known])
    shares = np.where(images >= FEW, sums / np.maximum(images, 1), -np.inf)
    order = np.argsort(-shares, kind="stable")[:HURT]
    return tuple(
        HurtClass(int(label), int(images[label]), round(sums[label]))
        for label in order
        if shares[label] > 0
    )


@dataclass(frozen=True)
class Step:
    """A block that joins the chosen ones, and what all of them lose where they were chosen."""

    site: str
    loss: Loss


@dataclass(frozen=True)
class GreedySet:
    """Blocks whose gates can be replaced together within a budget.

    budget: the share of images that may be lost; sites: the chosen blocks, in order; steps: all
    that were tried, the one that passes the budget last; choosing, checking: how many images chose
    the blocks, and how many others tell what they lose (loss).
    """

    budget: float
    sites: tuple[str, ...]
    steps: tuple[Step, ...]
    choosing: int
    checking: int
    loss: Loss


def choosing_half(indices: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which images choose the blocks: a fixed half, by the images' indices."""
    from seviz.reference.streams import hashes

    return np.asarray(hashes(indices) % np.uint64(2) == 0)


def greedy_steps(sites: Sequence[str], rule: Rule, *, budget: float, ask: Ask) -> list[Step]:
    """Choose block after block, at each step the one with which fewest images are lost.

    Among equals, the one that keeps most of the score, then the first. The step that passes the
    budget is the last one. ask: passes the images that choose, in arms.
    """
    steps: list[Step] = []
    chosen: list[str] = []
    while len(chosen) < len(sites):
        left = [site for site in sites if site not in chosen]
        sets = [[s for s in sites if s in {*chosen, site}] for site in left]
        arms = [
            Arm(site, tuple(Edit(rule, s) for s in of)) for site, of in zip(left, sets, strict=True)
        ]
        answers = ask([INTACT, *arms])
        losses = [loss(answers, row) for row in range(1, len(arms) + 1)]
        best = min(range(len(left)), key=lambda i: (losses[i].lost.mean, -losses[i].score.mean))
        steps.append(Step(left[best], losses[best]))
        if losses[best].lost.mean > budget:
            break
        chosen.append(left[best])
    return steps
