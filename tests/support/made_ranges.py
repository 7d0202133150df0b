"""Ranges of blocks made by hand."""

from dataclasses import replace

from seviz.records.ranges import BlockRanges, Quantised, Ranges, TensorRanges

WHOLE = Quantised(0.25, 0.0, 0.0, 0.5, 20.0)
CLIPPING = Quantised(0.125, 0.001, 0.0625, 0.25, 26.0)
LEVELS = (-8.0, -4.0, -2.0, 0.5, 2.0, 4.0, 32.0)


def made_tensor(narrow: float, *, gap: float = 10.0) -> TensorRanges:
    """A tensor of whose channels a share has few steps; gap: in dB, of one scale for all."""
    whole = replace(WHOLE, narrow=narrow)
    return TensorRanges(LEVELS, False, 12.5, whole, CLIPPING, 20.0 + gap)


def made_ranges(site: str, before: float, after: float, *, gap: float = 10.0) -> BlockRanges:
    """A block, by the shares of channels with few steps before and after its gate."""
    s = (0.0, 0.125, 0.25, 0.5, 0.75, 0.875, 1.0)
    return BlockRanges(site, 64, s, made_tensor(before), made_tensor(after, gap=gap))


def made_network(*blocks: BlockRanges) -> Ranges:
    return Ranges("made", None, "numbers", 100, 50, blocks)
