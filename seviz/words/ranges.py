"""What int8 would do to the features of a block, in sentences."""

from seviz.phrases import join_list, minus
from seviz.records.ranges import STEPS, BlockRanges, Ranges, TensorRanges
from seviz.words.numbers import percent

SAME = 0.02  # a smaller difference of two shares of channels is none
NAMED = 4  # more blocks than these are counted, not named


def resolution_words(found: BlockRanges) -> str:
    """Say that int8 takes a block's resolution, and what its gate has to do with it; else ""."""
    if not found.loses:
        return ""
    after, before = found.after.by_largest.narrow, found.before.by_largest.narrow
    if after - before > SAME:
        gate = f"before the gate it is {percent(before)}, so the gate makes it worse"
    elif before - after > SAME:
        gate = f"before the gate it is {percent(before)}, so the gate makes it better"
    else:
        gate = f"before the gate it is {percent(before)}, so the gate is not the cause"
    return (
        f"In int8 with one scale for s·U, {found.site} would lose resolution: {percent(after)} of "
        f"its channels have fewer than {STEPS} of the 256 steps; {gate}."
    )


def ranges_words(found: Ranges) -> str:
    """Say in how many blocks resolution would be lost, and whether the gates make it worse."""
    losing = [block for block in found.blocks if block.loses]
    worse = [block for block in found.blocks if _gap(block.after) > _gap(block.before)]
    count = len(found.blocks)
    if not losing:
        first = f"In none of the {count} blocks would int8 with one scale take the resolution"
    elif len(losing) > NAMED:
        first = f"In {len(losing)} of the {count} blocks int8 with one scale would take the resolution"
    else:
        named = join_list(block.site for block in losing)
        first = f"In {named} int8 with one scale would take the resolution"
    return (
        f"{first} of a quarter of the channels or more. What one scale for all channels costs "
        f"against one for each, in dB, is more behind the gate than before it in {len(worse)} of "
        f"{count} blocks."
    )


def gap_words(found: TensorRanges) -> str:
    """Write what one scale for the tensor costs against one for each channel, in dB."""
    gap = _gap(found)
    return minus(f"{gap:.1f}")


def _gap(found: TensorRanges) -> float:
    """Return the loss in dB of one scale a tensor against one a channel; 0 where nothing is."""
    whole, each = found.by_largest.noise_ratio, found.channel_noise_ratio
    return 0.0 if whole is None or each is None else each - whole
