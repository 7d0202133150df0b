"""What int8 does to a tensor: quantises values with one scale for it, or one for each channel.

The quantiser is uniform and symmetric, as of Krishnamoorthi (arXiv 1806.08342, 2.2) and Nagel et
al. (arXiv 2106.08295, 2.2): with the step Δ, x becomes Δ · clip(round(x / Δ), low, high). Values of
both signs have low = −128, high = 127 and Δ = largest |x| / 127; where none is negative, low = 0,
high = 255 and Δ = largest / 255. The largest |x| is of all images, positions and channels (one
scale a tensor) or of each channel's; or it is the 99.9 % quantile of |x|, and the rest is clipped.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.records.ranges import LEVELS, STEPS, Quantised, TensorRanges

Doubles = npt.NDArray[np.float64]
SIGNED, UNSIGNED = (-128, 127), (0, 255)  # the integers
CALIBRATED = 0.999  # the quantile of |x| that calibration by percentiles takes for the largest


@dataclass(frozen=True)
class Extent:
    """The least and greatest value of each channel, C each, over images and positions."""

    low: Floats
    high: Floats

    def merge(self, other: "Extent") -> "Extent":
        """Return the extent of both."""
        return Extent(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    @property
    def largest(self) -> Doubles:
        """Return the largest absolute value of each channel, C."""
        return np.maximum(np.abs(self.low), np.abs(self.high)).astype(np.float64)


def tensor_ranges(values: Doubles, extent: Extent) -> TensorRanges:
    """Quantise sampled values (n×C) of a tensor whose channels have an extent."""
    largest = extent.largest
    unsigned = bool(extent.low.min() >= 0)
    median = float(np.median(largest))
    calibrated = float(np.quantile(np.abs(values), CALIBRATED))
    each = np.where(largest > 0, largest, 1.0) / _integers(unsigned)[1]
    return TensorRanges(
        quantiles=levels(values, extent),
        unsigned=unsigned,
        spread=float(largest.max()) / median if median else None,
        by_largest=_quantised(values, extent, float(largest.max()), unsigned=unsigned),
        by_quantile=_quantised(values, extent, calibrated, unsigned=unsigned),
        channel_noise_ratio=noise_ratio(values, quantise(values, each, unsigned=unsigned)),
    )


def levels(values: Doubles, extent: Extent) -> tuple[float, ...]:
    """Return the quantiles of values at LEVELS; the first and last are of all images."""
    inner = np.quantile(values, LEVELS[1:-1])
    return (float(extent.low.min()), *inner.tolist(), float(extent.high.max()))


def quantise(values: Doubles, step: Doubles | float, *, unsigned: bool) -> Doubles:
    """Round values (n×C) to int8, and return what the integers stand for; step: one, or C."""
    return np.asarray(np.clip(np.rint(values / step), *_integers(unsigned)) * step)


def noise_ratio(values: Doubles, quantised: Doubles) -> float | None:
    """Return 10 · log₁₀ (Σx² / Σ(x − quantised)²), in dB; None where either is 0."""
    signal, noise = float((values**2).sum()), float(((values - quantised) ** 2).sum())
    return 10 * float(np.log10(signal / noise)) if signal and noise else None


def _quantised(values: Doubles, extent: Extent, largest: float, *, unsigned: bool) -> Quantised:
    low, high = _integers(unsigned)
    step = (largest or 1.0) / high
    beyond = (np.rint(values / step) > high) | (np.rint(values / step) < low)
    widths = (extent.high.astype(np.float64) - extent.low)[extent.high > extent.low]
    return Quantised(
        step=step,
        clipped=float(beyond.mean()),
        most_clipped=float(beyond.mean(0).max()),
        narrow=float((widths / step < STEPS).mean()) if len(widths) else 0.0,
        noise_ratio=noise_ratio(values, quantise(values, step, unsigned=unsigned)),
    )


def _integers(unsigned: bool) -> tuple[int, int]:
    return UNSIGNED if unsigned else SIGNED
