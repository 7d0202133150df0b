"""Which blocks the answers to several photographs depend on, put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seviz.answers.necessity import Change, NecessityReport
from seviz.measuring.intervals import paired
from seviz.records.losses import Estimate


@dataclass(frozen=True)
class Changes:
    """The mean change of the answers' logits, with its interval, and how many answers flip."""

    logit: Estimate
    flips: int


@dataclass(frozen=True)
class BlockTogether:
    """The changes by replacing a block's gates alone, and with those of all later blocks."""

    site: str
    alone: Changes
    onward: Changes


def together(reports: Sequence[NecessityReport]) -> list[BlockTogether]:
    """Put reports on two or more photographs together, the block that moves answers most first."""
    blocks = [
        BlockTogether(
            of_block[0].name,
            alone=_changes([block.alone for block in of_block]),
            onward=_changes([block.onward for block in of_block]),
        )
        for of_block in zip(*(report.blocks for report in reports), strict=True)
    ]
    return sorted(blocks, key=lambda block: -abs(block.alone.logit.mean))


def _changes(found: Sequence[Change]) -> Changes:
    logits = np.array([change.logit for change in found], np.float64)
    return Changes(paired(logits), sum(change.flipped for change in found))
