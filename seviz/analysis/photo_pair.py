"""Compares two photographs' gates in one network, by block and by channel."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seviz.errors import UserError
from seviz.records.numbers import Floats, strongest
from seviz.records.trace import Trace
from seviz.reference.diagnosis import is_constant
from seviz.reference.percentiles import percentiles_among
from seviz.reference.profile import BlockProfile, Profile

MEASURES = ("cosine", "difference")
CHANNELS = 10  # by default, how many of the channels that differ most are listed


@dataclass(frozen=True)
class BlockDistance:
    """How far two photographs' gates s are apart at one block.

    cosine: 1 − their cosine; difference: the mean of |Δs| over the channels. The places are
    percentiles (0 to 100) among pairs of reference images: how many are nearer; None where there
    are none. constant: whether no channel of the block moves over the reference images.
    """

    site: str
    cosine: float
    difference: float
    cosine_place: float | None
    difference_place: float | None
    constant: bool

    def value(self, measure: str) -> float:
        """Return the distance by one of MEASURES."""
        return self.cosine if measure == "cosine" else self.difference

    def place(self, measure: str) -> float | None:
        """Return the percentile of `value` among pairs of reference images."""
        return self.cosine_place if measure == "cosine" else self.difference_place


@dataclass(frozen=True)
class ChannelDifference:
    """The gate s of one channel in the first and in the second photograph.

    deviations: |Δs| in standard deviations of this gate over the reference images; None where there
    are none, or the gate never changed.
    """

    site: str
    channel: int
    first: float
    second: float
    deviations: float | None


@dataclass(frozen=True)
class PhotoPair:
    """The differences of two photographs' gates: all blocks, and the channels that differ most.

    model: the network's key; blocks: in depth order; data: the name of the reference
    images' data set, or "" without.
    """

    model: str
    data: str
    blocks: tuple[BlockDistance, ...]
    channels: tuple[ChannelDifference, ...]


def compare_photographs(
    first: Trace, second: Trace, profile: Profile | None, *, k: int = CHANNELS
) -> PhotoPair:
    """Compare the gates of two traces' first rows, and find the k channels that differ most.

    profile: of the same network. UserError where the traces are of different networks.
    """
    if (first.model, first.sites) != (second.model, second.sites):
        raise UserError(
            f"The first photograph was traced through “{first.model}”, the second through "
            f"“{second.model}”; ask one network about both."
        )
    gates = {site.name: (first.s[site.name][0], second.s[site.name][0]) for site in first.sites}
    return compare_gates(first.model, gates, profile, k=k)


def compare_gates(
    model: str,
    gates: Mapping[str, tuple[Floats, Floats]],
    profile: Profile | None,
    *,
    k: int = CHANNELS,
) -> PhotoPair:
    """Compare two rows of gates (C each) at each block, in depth order, as `compare_photographs`.

    model: the network's key.
    """
    blocks = {name: profile.blocks[name] if profile else None for name in gates}
    return PhotoPair(
        model=model,
        data=profile.data if profile else "",
        blocks=tuple(_distance(name, *gates[name], block=block) for name, block in blocks.items()),
        channels=_list_most_different(gates, blocks, k),
    )


def _distance(name: str, s: Floats, other: Floats, *, block: BlockProfile | None) -> BlockDistance:
    cosine = _cosine_distance(s, other)
    difference = float(np.abs(s.astype(np.float64) - other).mean())
    if block is None:
        return BlockDistance(name, cosine, difference, None, None, constant=False)
    return BlockDistance(
        site=name,
        cosine=cosine,
        difference=difference,
        cosine_place=_percentile(block.cosine_quantiles, cosine),
        difference_place=_percentile(block.difference_quantiles, difference),
        constant=is_constant(block),
    )


def _cosine_distance(s: Floats, other: Floats) -> float:
    """Return 1 − cosine as half the squared distance of the unit vectors.

    `seviz.reference.streams` does so too. Gates of constant blocks are only 1e-12 apart, where
    1 − cosine computed directly would round to 0.
    """
    units = []
    for gates in (s, other):
        row = gates.astype(np.float64)
        units.append(row / (np.linalg.norm(row) or 1.0))
    return float(((units[0] - units[1]) ** 2).sum() / 2)


def _percentile(quantiles: Floats, value: float) -> float | None:
    percentile = float(percentiles_among(quantiles[:, None], [value])[0])
    return None if np.isnan(percentile) else percentile


def _list_most_different(
    gates: Mapping[str, tuple[Floats, Floats]], blocks: dict[str, BlockProfile | None], k: int
) -> tuple[ChannelDifference, ...]:
    """List the k channels of largest |Δs| over all blocks; ties keep the order of depth."""
    differences = {name: np.abs(s.astype(np.float64) - other) for name, (s, other) in gates.items()}
    channels = []
    for name, channel in strongest(differences, k):
        s, other = (float(row[channel]) for row in gates[name])
        deviations = _deviations(differences[name][channel], blocks[name], channel)
        channels.append(ChannelDifference(name, channel, s, other, deviations))
    return tuple(channels)


def _deviations(difference: float, block: BlockProfile | None, channel: int) -> float | None:
    std = 0.0 if block is None else float(block.s_std[channel])
    return float(difference) / std if std > 0 else None
