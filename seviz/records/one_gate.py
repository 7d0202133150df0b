"""Records of one gate over the images of a data set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassGate:
    """A gate over the images of one class.

    s and std: its mean and standard deviation; z: the mean descriptor of its channel, None where it
    was not measured; images: how many there are.
    """

    label: str
    s: float
    std: float
    z: float | None
    images: int


@dataclass(frozen=True)
class NamedGate:
    """An image by its name in the data set, the name of its class, and its gate."""

    image: str
    label: str
    s: float


@dataclass(frozen=True)
class Histogram:
    """How many of the sampled images have a gate between edges: N counts, N + 1 edges."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class OneGate:
    """One gate of a network over the images of a data set.

    channels: of the block; images: all of the data set, of which sampled are behind the quantiles,
    at 33 levels from 0 to 1. open and shut: the shares of images with a gate over NEAR_ONE, and
    within NEAR_ZERO of zero. share: η², the share of the gate's variance between classes;
    selectivity: (μ_max − μ_rest) / (μ_max + μ_rest) over class means; correlation: Pearson's, of z
    and s over the means of classes; block_correlation: its median over the channels of the block.
    These are None where they were not measured or are not defined. classes: those that have
    images, by their mean gate, the largest first. largest, middle and smallest: images with such a
    gate, empty where images are not known. missing: what is not there, a sentence each.
    """

    model: str
    data: str
    site: str
    channel: int
    channels: int
    images: int
    sampled: int
    mean: float
    std: float
    open: float
    shut: float
    quantiles: tuple[float, ...]
    histogram: Histogram | None
    share: float | None
    selectivity: float | None
    correlation: float | None
    block_correlation: float | None
    classes: tuple[ClassGate, ...]
    largest: tuple[NamedGate, ...]
    middle: tuple[NamedGate, ...]
    smallest: tuple[NamedGate, ...]
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the gate as people write it, such as SE_4_6[17]."""
        return f"{self.site}[{self.channel}]"

    def opens_for(self, count: int) -> tuple[ClassGate, ...]:
        """Return up to so many classes with the largest mean gates, the largest first.

        Of few classes, half of them.
        """
        return self.classes[: min(count, (len(self.classes) + 1) // 2)]

    def shuts_for(self, count: int) -> tuple[ClassGate, ...]:
        """Return up to so many classes with the smallest mean gates, the smallest first.

        None of them is one of as many that it opens for.
        """
        return self.classes[len(self.opens_for(count)) :][::-1][:count]
