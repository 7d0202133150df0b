"""What int8 would do to the features of a block, in sentences."""

from seviz.phrases import join_list, minus
from seviz.records.ranges import LOSES, STEPS, BlockRanges, Ranges, TensorRanges
from seviz.words.numbers import percent

SAME = 0.02  # a smaller difference of two shares of channels is none
NAMED = 4  # more blocks than these are counted, not named


def resolution_words(site: str, *, before: float | None, after: float | None) -> str:
    """Say that int8 takes a block's resolution, and what its gate has to do with it; else "".

    before, after: the gate, the shares of channels that have few steps; None where not known.
    """
    if after is None or before is None or after < LOSES:
        return ""
    gate = "so the gate is not the cause"
    if abs(after - before) > SAME:
        gate = f"so the gate makes it {'worse' if after > before else 'better'}"
    return (
        f"In int8 with one scale for s·U, {site} would lose resolution: {percent(after)} of its "
        f"channels have fewer than {STEPS} of the 256 steps; before the gate it is "
        f"{percent(before)}, {gate}."
    )


def block_words(found: BlockRanges) -> str:
    """Say as `resolution_words` of the ranges of a block."""
    before, after = found.before.by_largest.narrow, found.after.by_largest.narrow
    return resolution_words(found.site, before=before, after=after)


def ranges_words(found: Ranges) -> str:
    """Say in how many blocks resolution would be lost, and whether the gates make it worse."""
    losing = [block for block in found.blocks if block.loses]
    worse = [block for block in found.blocks if _gap(block.after) > _gap(block.before)]
    count = len(found.blocks)
    if not losing:
        first = f"In none of the {count} blocks would int8 with one scale take the resolution"
    elif len(losing) > NAMED:
        first = (
            f"In {len(losing)} of the {count} blocks int8 with one scale would take the resolution"
        )
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
