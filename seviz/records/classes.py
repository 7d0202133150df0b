"""The gates of a block by class, and what the gates of each block tell of classes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats

MOST_CLASSES = 6  # of one figure: as many colours as any reader can tell apart
SAMPLED = 50  # channels of a block that the article draws, evenly spaced
ORDERS = ("channel", "mean", "difference")


@dataclass(frozen=True)
class ClassCurve:
    """The gates of a block over the images of one class.

    number: of the class in the data set; folder: its folder's name there, often a WordNet id;
    mean and std: of each channel's gate over the images, C each.
    """

    number: int
    folder: str
    label: str
    images: int
    mean: Floats
    std: Floats


@dataclass(frozen=True)
class ClassCurves:
    """The gates of a block over several classes; C channels.

    overall: each gate's mean over all images; photo: the gates of one photograph, if any.
    """

    block: str
    classes: tuple[ClassCurve, ...]
    overall: Floats
    photo: Floats | None = None

    @property
    def difference(self) -> Floats:
        """Return, for each channel, the largest class mean minus the smallest, C.

        Of one class: how far its mean is from that of all images; 0 of none.
        """
        means = [curve.mean for curve in self.classes]
        if len(means) < 2:
            means.append(self.overall)
        found: Floats = np.ptp(np.stack(means), axis=0)
        return found

    def order(self, by: str) -> npt.NDArray[np.int64]:
        """Return the channels in an order, C: a name of ORDERS.

        channel: as numbered; mean: from the largest mean over all images to the smallest;
        difference: from the channel in which the classes differ most to that with the least.
        """
        if by == "channel":
            return np.arange(len(self.overall))
        values = self.overall if by == "mean" else self.difference
        return np.argsort(-values, kind="stable")

    def sample(self, by: str, most: int | None) -> npt.NDArray[np.int64]:
        """Return at most so many channels in an order; None: all of them.

        Evenly spaced ones; where the order is by difference, the first.
        """
        order = self.order(by)
        if most is None or len(order) <= most:
            return order
        if by == "difference":
            return order[:most]
        places = np.linspace(0, len(order) - 1, most).round().astype(np.int64)
        spaced: npt.NDArray[np.int64] = order[places]
        return spaced


@dataclass(frozen=True)
class BlockSelectivity:
    """What the gates of a block tell of an image's class.

    share: the median over its channels of η², the share of a gate's variance that lies between
    classes; share_low and share_high: its 95 % interval by a bootstrap over the images, if known.
    selectivity: the median class selectivity, None where gates may be under 0. constant and
    saturated: the shares of channels that hardly move, and whose mean gate is near 1 (or −1);
    saturated is None where gates may exceed 1. neighbours: the share of images whose class the
    nearest other images name by these gates alone, if known.
    """

    block: str
    channels: int
    share: float | None
    share_low: float | None
    share_high: float | None
    selectivity: float | None
    constant: float
    saturated: float | None
    neighbours: float | None
