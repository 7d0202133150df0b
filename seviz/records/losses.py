"""What a network loses over a data set where gates are replaced: of blocks, of sets of them."""

from dataclasses import dataclass

USUAL_BUDGET, LARGEST_BUDGET = 0.5, 5.0  # points of accuracy that may be lost
FEW = 10  # images of a class, fewer of which tell nothing


@dataclass(frozen=True)
class Estimate:
    """A mean over images with its 95 % interval, over the choice of images."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class HurtClass:
    """A class by its name, its images, and how many of them more are wrong than intact."""

    name: str
    images: int
    lost: int


@dataclass(frozen=True)
class Loss:
    """What an arm loses against the intact network, over the same images.

    lost: the accuracy that is lost, a share of the images; score: the mean change of the class's
    log-probability, in nats; stays: the share of images whose first answer stays; hurt: the classes
    that lose most, of those with FEW images or more. Of images without classes, the class is the
    intact network's answer.
    """

    lost: Estimate
    score: Estimate
    stays: float
    hurt: tuple[HurtClass, ...] = ()


@dataclass(frozen=True)
class BlockLosses:
    """What is lost where the gates of a block are replaced, and what the block costs.

    alone: of this block only; onward: of this and all later ones; upto: of all blocks up to it.
    parameters: of the block; macs: the multiply-adds of its projections for an image; time_share:
    the median share that the block takes of the time of a pass of one image.
    """

    site: str
    parameters: int
    macs: int
    time_share: float
    alone: Loss
    onward: Loss
    upto: Loss


@dataclass(frozen=True)
class Step:
    """A block that joins those chosen before it, and what all of them lose together.

    chosen: over the images that chose it; checked: over the others.
    """

    site: str
    chosen: Loss
    checked: Loss


@dataclass(frozen=True)
class GreedyPath:
    """Blocks whose gates can be replaced together, in the order in which they are chosen.

    budget: the share of images that may be lost, in points of accuracy; the last step is the first
    one that loses more. choosing, checking: how many images chose the blocks, and how many others
    tell what they lose.
    """

    budget: float
    choosing: int
    checking: int
    steps: tuple[Step, ...]

    def ended_before(self, budget: float) -> bool:
        """Tell whether more blocks might fit a budget, in points, than were chosen."""
        return self.budget < budget and 100 * self.steps[-1].chosen.lost.mean > self.budget

    def within(self, budget: float) -> tuple[Step, ...]:
        """Return the steps before the first one that loses more than a budget, in points.

        Beyond the path's own budget nothing is known, so that no more is given.
        """
        kept, most = [], min(budget, self.budget)
        for step in self.steps:
            if 100 * step.chosen.lost.mean > most:
                break
            kept.append(step)
        return tuple(kept)


@dataclass(frozen=True)
class ArmLoss:
    """The accuracy of an arm with its interval, and what it loses against the first, intact arm."""

    arm: str
    accuracy: Estimate
    loss: Loss


@dataclass(frozen=True)
class SetNecessity:
    """Which blocks a network needs over a data set.

    network, weights, title: what identifies it, the sha256 of its weights, and its name; data,
    images: the data set, and how many of its images; labelled: whether their classes are known;
    rule: what replaced the gates, as text; statistics: the data set over which static gates are
    means, or ""; blocks: in order of depth; path: None where there was nothing to choose by; arms:
    intact first, all blocks at once. date, hardware: of the measurement.
    """

    network: str
    weights: str | None
    title: str
    data: str
    images: int
    labelled: bool
    rule: str
    statistics: str
    blocks: tuple[BlockLosses, ...]
    path: GreedyPath | None
    arms: tuple[ArmLoss, ...]
    date: str
    hardware: str
    note: str = ""
