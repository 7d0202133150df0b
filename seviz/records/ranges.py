"""The ranges of gates and features over a data set, and what int8 does to them."""

from dataclasses import dataclass

LEVELS = (0.0, 0.001, 0.01, 0.5, 0.99, 0.999, 1.0)  # of the quantiles, the ends are exact
STEPS = 16  # of 256: a channel with fewer has lost nearly all resolution
LOSES = 0.25  # the share of such channels at which a block is said to lose resolution


@dataclass(frozen=True)
class Quantised:
    """What int8 with one scale for the whole tensor does to it.

    step: of the scale, in the tensor's unit; clipped: the share of its values that are beyond the
    ends; most_clipped: that share in the channel where it is largest; narrow: the share of its
    channels, of those that vary at all, whose whole range is fewer than STEPS steps; noise_ratio:
    the signal-to-quantisation-noise ratio in dB, None where there is no noise or no signal.
    """

    step: float
    clipped: float
    most_clipped: float
    narrow: float
    noise_ratio: float | None


@dataclass(frozen=True)
class TensorRanges:
    """The values of a tensor over images, positions and channels.

    quantiles: at LEVELS; unsigned: no value is negative, so that all 256 steps are from 0 up;
    spread: the largest absolute value of the widest channel over that of the median one, None where
    that is 0; by_largest: with the scale of the largest absolute value; by_quantile: with that of
    their 99.9 % quantile; channel_noise_ratio: in dB, with one scale for each channel.
    """

    quantiles: tuple[float, ...]
    unsigned: bool
    spread: float | None
    by_largest: Quantised
    by_quantile: Quantised
    channel_noise_ratio: float | None


@dataclass(frozen=True)
class BlockRanges:
    """An SE block: the quantiles of its gates s, and its features before (U) and after (s·U)."""

    site: str
    channels: int
    s: tuple[float, ...]
    before: TensorRanges
    after: TensorRanges

    @property
    def loses(self) -> bool:
        """Tell whether int8 with one scale would take nearly all resolution of many channels."""
        return self.after.by_largest.narrow >= LOSES


@dataclass(frozen=True)
class Ranges:
    """The ranges of a network over a data set.

    model: its key; weights: the sha256 of its file of weights, None where there is none; data: the
    data set's name; images: how many; sampled: of how many of them the quantiles and the noise are,
    one position of each block's features an image; least and greatest values are of all.
    """

    model: str
    weights: str | None
    data: str
    images: int
    sampled: int
    blocks: tuple[BlockRanges, ...]
