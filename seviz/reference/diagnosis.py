"""Tells whether a block's gates are at work, or dead, saturated or constant.

`seviz.words.matters.diagnosis_words` puts the diagnosis into a sentence.
"""

from dataclasses import dataclass

import numpy as np

from seviz.records.numbers import Floats
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.reference.profile import BlockProfile

MOST = 0.9  # of a block's channels: the remaining ones are too few to matter
STILL = 0.01  # a standard deviation of a gate that changes its channel by only about 1 %


@dataclass(frozen=True)
class Diagnosis:
    """The gates of one block for one photograph, and over the reference images.

    open and shut: the shares of gates over NEAR_ONE, and within NEAR_ZERO of zero; entropy: the
    mean binary entropy of the gates in bits, 1 where all are ½ and 0 where all are 0 or 1, None
    where one is outside 0 … 1; variance: of a gate over the reference images, the mean over
    channels; still: the share of channels whose gate has a deviation under STILL there (both None
    without reference images). verdict: dead, saturated, constant, or "".
    """

    site: str
    open: float
    shut: float
    entropy: float | None
    variance: float | None
    still: float | None
    verdict: str


def diagnose(site: str, s: Floats, block: BlockProfile | None) -> Diagnosis:
    """Diagnose a block by its gates s (C) for one photograph, and its reference images if any."""
    gates = s.astype(np.float64)
    opened, shut = float((gates > NEAR_ONE).mean()), float((np.abs(gates) < NEAR_ZERO).mean())
    entropy = _entropy(gates)
    variance = None if block is None else float((block.s_std.astype(np.float64) ** 2).mean())
    still = None if block is None else _still(block)
    verdict = ""
    if shut >= MOST:
        verdict = "dead"
    elif opened >= MOST and entropy is not None:  # not where gates exceed 1: these amplify
        verdict = "saturated"
    elif block is not None and is_constant(block):
        verdict = "constant"
    return Diagnosis(site, opened, shut, entropy, variance, still, verdict)


def is_constant(block: BlockProfile) -> bool:
    """Return whether a block's gates are (almost) the same for every reference image."""
    return _still(block) >= MOST


def _still(block: BlockProfile) -> float:
    return float((block.s_std < STILL).mean())


def _entropy(gates: np.ndarray) -> float | None:
    """Return the mean of −p·log₂p − q·log₂q, with q = 1 − p; None where a gate is outside 0 … 1."""
    if gates.min() < 0 or gates.max() > 1:
        return None
    shares = np.stack([gates, 1 - gates])
    return float(-(shares * np.log2(np.where(shares > 0, shares, 1))).sum(0).mean())
