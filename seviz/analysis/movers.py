"""The gates that are opened, or closed, more than usual: than over reference images, or an arm."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seviz.records.numbers import strongest
from seviz.records.trace import Trace
from seviz.reference.diagnosis import STILL, moves
from seviz.reference.percentiles import Doubles, percentiles
from seviz.reference.profile import Profile


@dataclass(frozen=True)
class Mover:
    """One gate s of a photograph, beside its usual value.

    usual: its mean over the reference images, or its value in another arm. deviations: s − usual in
    standard deviations of this gate over the reference images; percentile: the share of these with
    a smaller gate, 0 to 100. Both are None beside another arm.
    """

    site: str
    channel: int
    s: float
    usual: float
    deviations: float | None = None
    percentile: float | None = None


Movers = tuple[tuple[Mover, ...], tuple[Mover, ...]]  # the opened and the closed, most first


def movers(trace: Trace, profile: Profile, count: int) -> Movers:
    """Find up to `count` gates over their mean over reference images, and as many under it.

    The first arm's gates are ranked by standard deviations. Gates that stand still
    (`moves`) are left out. profile: of the trace's network.
    """
    blocks = profile.blocks
    scores = {name: _deviations(trace, profile, name) for name in blocks}
    places = {name: percentiles(block, trace.s[name][0]) for name, block in blocks.items()}

    def mover(name: str, channel: int) -> Mover:
        return Mover(
            name,
            channel,
            s=float(trace.s[name][0, channel]),
            usual=float(blocks[name].s_mean[channel]),
            deviations=float(scores[name][channel]),
            percentile=float(places[name][channel]),
        )

    opened, closed = _extremes(scores, count)
    return tuple(mover(*of) for of in opened), tuple(mover(*of) for of in closed)


def movers_against_arm(trace: Trace, row: int, count: int) -> Movers:
    """Find up to `count` gates that are most over those that a row applies, and most under them."""
    scores = {
        name: np.nan_to_num(s[0].astype(np.float64) - s[row])  # the twin's are NaN
        for name, s in trace.s.items()
    }

    def mover(name: str, channel: int) -> Mover:
        own, other = (float(trace.s[name][arm, channel]) for arm in (0, row))
        return Mover(name, channel, s=own, usual=other)

    opened, closed = _extremes(scores, count)
    return tuple(mover(*of) for of in opened), tuple(mover(*of) for of in closed)


def _deviations(trace: Trace, profile: Profile, name: str) -> Doubles:
    """Return how many standard deviations each gate of a block is over its mean, 0 if still (C)."""
    block = profile.blocks[name]
    std = block.s_std.astype(np.float64)
    over: Doubles = (trace.s[name][0] - block.s_mean.astype(np.float64)) / np.maximum(std, STILL)
    return np.where(moves(std), over, 0.0)


def _extremes(
    scores: Mapping[str, Doubles], count: int
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """List the channels with the largest scores over 0, and with the smallest under it."""
    sides = ({name: np.maximum(sign * of, 0) for name, of in scores.items()} for sign in (1, -1))
    over, under = (
        [(name, c) for name, c in strongest(side, count) if side[name][c] > 0] for side in sides
    )
    return over, under
