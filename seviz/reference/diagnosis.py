"""Tells whether a block's gates are at work, or dead, saturated or constant.

`seviz.words.matters.diagnosis_words` puts the diagnosis into a sentence.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.records.numbers import Floats
from seviz.records.ranges import BlockRanges
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.reference.profile import BlockProfile

MOST = 0.9  # of a block's channels
STILL = 0.01  # the largest standard deviation over the images of a gate that stands still


@dataclass(frozen=True)
class Diagnosis:
    """The gates of one block for one photograph, and over the reference images.

    open and shut: the shares of gates over NEAR_ONE, and within NEAR_ZERO of zero; entropy: the
    mean binary entropy of the gates in bits, 1 where all are ½ and 0 where all are 0 or 1, None
    where one is outside 0 … 1; still: the share of channels that stand still over the reference
    images (`moves`), and moving the number of the others (both None without reference images).
    verdict: dead, saturated, constant (no channel moves), or "". channels: their number.
    narrow: the share of channels of s·U that have few of int8's steps (`Quantised.narrow`), and
    narrow_before, of U: None where the block's ranges are not known.
    """

    site: str
    open: float
    shut: float
    entropy: float | None
    still: float | None
    verdict: str
    moving: int | None = None
    channels: int = 0
    narrow: float | None = None
    narrow_before: float | None = None


def diagnose(
    site: str, s: Floats, block: BlockProfile | None, *, ranges: BlockRanges | None = None
) -> Diagnosis:
    """Diagnose a block by its gates s (C) for one photograph, and its reference images if any.

    ranges: of the block over a data set, if they are known.
    """
    gates = s.astype(np.float64)
    opened, shut = float((gates > NEAR_ONE).mean()), float((np.abs(gates) < NEAR_ZERO).mean())
    entropy = _entropy(gates)
    moving = None if block is None else moves(block.s_std)
    still = None if moving is None else float((~moving).mean())
    verdict = ""
    if shut >= MOST:
        verdict = "dead"
    elif opened >= MOST and entropy is not None:  # not where gates exceed 1: these amplify
        verdict = "saturated"
    elif block is not None and is_constant(block):
        verdict = "constant"
    count = None if moving is None else int(moving.sum())
    return Diagnosis(
        *(site, opened, shut, entropy, still, verdict),
        moving=count,
        channels=len(gates),
        narrow=None if ranges is None else ranges.after.by_largest.narrow,
        narrow_before=None if ranges is None else ranges.before.by_largest.narrow,
    )


def moves(std: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which gates move: those whose standard deviation over the images exceeds STILL.

    std: of one gate or of several; the result has its shape.
    """
    return np.asarray(std) > STILL


def is_constant(block: BlockProfile) -> bool:
    """Return whether no channel of a block moves: its gates hardly depend on the image."""
    return not moves(block.s_std).any()


def _entropy(gates: np.ndarray) -> float | None:
    """Return the mean of −p·log₂p − q·log₂q, with q = 1 − p; None where a gate is outside 0 … 1."""
    if gates.min() < 0 or gates.max() > 1:
        return None
    shares = np.stack([gates, 1 - gates])
    return float(-(shares * np.log2(np.where(shares > 0, shares, 1))).sum(0).mean())
