"""The accuracy of a network without some of its channels."""

from dataclasses import dataclass

from seviz.records.losses import Estimate

ORDERS = ("gate", "deviation", "score", "random")
RANDOM = "random"


@dataclass(frozen=True)
class Point:
    """What is lost with a share of the channels removed.

    share: of the channels; removed: how many these are; accuracy: the share of images whose answer
    is right; lost: the accuracy of the intact network minus this one; ahead: this accuracy minus
    the mean one of the random orders at the same share, None of a random order, or without.
    """

    share: float
    removed: int
    accuracy: float
    lost: Estimate
    ahead: Estimate | None


@dataclass(frozen=True)
class Curve:
    """The points of an order, one of ORDERS, by rising share; seed: None unless it is random."""

    order: str
    seed: int | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Removal:
    """Accuracy against the share of channels whose gates are set to 0, in several orders.

    model: the network's key; data: the data set's name; block: the one whose channels are removed,
    "" for all blocks; across: of all blocks, one ranking over all, else a share of each. channels:
    how many there are to remove; images: how many the accuracy is measured on; chosen_on: how many
    others the scores are of, 0 where they were not asked for; statistics: the data set of the gate
    statistics, "" where they were not needed. accuracy: of the intact network.
    """

    model: str
    data: str
    block: str
    across: bool
    channels: int
    images: int
    chosen_on: int
    statistics: str
    accuracy: float
    curves: tuple[Curve, ...]

    @property
    def orders(self) -> tuple[Curve, ...]:
        """Return the curves that are not random."""
        return tuple(curve for curve in self.curves if curve.order != RANDOM)

    @property
    def random(self) -> tuple[tuple[float, float, float], ...]:
        """Return the mean, least and greatest accuracy over the seeds, by share; () without."""
        curves = [curve.points for curve in self.curves if curve.order == RANDOM]
        found = ([point.accuracy for point in points] for points in zip(*curves, strict=True))
        return tuple((sum(of) / len(of), min(of), max(of)) for of in found)

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the shares of channels, rising."""
        return tuple(point.share for point in self.curves[0].points)
