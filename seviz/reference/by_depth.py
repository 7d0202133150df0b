"""What the gates of each block tell of classes, from the first block to the last."""

from weakref import finalize

import numpy as np
import numpy.typing as npt

from seviz.records.classes import BlockSelectivity
from seviz.records.numbers import Floats
from seviz.records.sites import NEAR_ONE
from seviz.reference.diagnosis import moves
from seviz.reference.profile import Profile
from seviz.reference.selectivity import class_selectivity, shares, variance_parts

# By the profile's id, as profiles can't be hashed: those with a thousand classes take seconds.
_known: dict[int, tuple[BlockSelectivity, ...]] = {}


def by_depth(profile: Profile) -> tuple[BlockSelectivity, ...]:
    """Measure every block of a profile, in depth order; what needs two classes is None without.

    What was measured is kept as long as the profile is in memory.
    """
    if (known := _known.get(id(profile))) is not None:
        return known
    found = tuple(_measure(name, profile) for name in profile.blocks)
    _known[id(profile)] = found
    finalize(profile, _known.pop, id(profile), None)
    return found


def chance(profile: Profile) -> float:
    """Return how often the most frequent class would be right, 0 to 1."""
    return max(profile.class_counts) / profile.images


def most_selective(profile: Profile) -> str:
    """Return the block whose gates tell most of classes, by the share of variance between them."""
    found = by_depth(profile)
    return max(found, key=lambda block: -1 if block.share is None else block.share).block


def _measure(name: str, profile: Profile) -> BlockSelectivity:
    block = profile.blocks[name]
    least, most = float(np.nanmin(block.s_quantiles)), float(np.nanmax(block.s_quantiles))
    low, high = _interval(block.share_interval)
    of_variance = shares(*variance_parts(block, profile.class_counts))
    of_classes = None if least < 0 else _median(class_selectivity(block.class_mean))
    near_one = np.abs(block.s_mean) > NEAR_ONE
    return BlockSelectivity(
        block=name,
        channels=len(block.s_mean),
        share=_median(of_variance) if profile.has_classes else None,
        share_low=low,
        share_high=high,
        selectivity=of_classes,
        constant=float((~moves(block.s_std)).mean()),
        saturated=None if most > 1 else float(near_one.mean()),
        neighbours=_interval(block.neighbours)[0],
    )


def _median(values: npt.NDArray[np.float64]) -> float | None:
    """Return the median of the values that are known; None where none is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def _interval(values: Floats | None) -> tuple[float | None, float | None]:
    """Return the first and the last of a few stored numbers; None where they are not known."""
    if values is None or np.isnan(values).any():
        return None, None
    return float(values[0]), float(values[-1])
