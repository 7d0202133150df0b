"""What the gates of a data set's images tell of their classes, in sentences."""

import re
from collections.abc import Collection, Sequence
from statistics import fmean

import numpy as np

from seviz.phrases import join_list
from seviz.records.classes import BlockSelectivity, ClassCurves
from seviz.words.numbers import decimals, percent

ARTICLE_BLOCK = re.compile(r"SE_(\d+)_\d+")
MUCH = 1.5  # times as selective as the first blocks: “much more class-specific”
HALF = 0.5  # of the channels: the last blocks are saturated or constant
ORDER_WORDS = {
    "channel": "by number",
    "mean": "by the mean over all images",
    "difference": "by the difference between the classes",
}
CURVES_HINT = (
    "A line is a class: the mean of each gate over its images. Grey: over all images of the data "
    "set. Where the lines lie on each other, gates ignore the class; where they part, gates prefer "
    "some classes. Click a line to open that gate."
)
DEPTH_HINT = (
    "Share of variance (η²): how much of a gate’s variation over images lies between classes, 0 to "
    "1. Class selectivity: (μ_max − μ_rest) / (μ_max + μ_rest), of the class with the largest mean "
    "gate against the mean of the others. Both are medians over a block’s channels. Whether a "
    "block’s gates can go is another question, which “Can it go?” answers."
)
SIGNED = (
    "These gates may be below 0, where class selectivity has no meaning; the share of variance "
    "between classes does have one."
)
BEYOND_ONE = "These gates may exceed 1, so that none is saturated there: above 1 they amplify."
APPROXIMATE = (
    "These statistics are of an older format: the share of variance is computed from rounded class "
    "means, and its interval and the nearest neighbours are not known; `python -m seviz profile` "
    "measures them."
)
WAITING = "In a moment, the gates of each class are here."
FEW_IMAGES = (
    "{images:,} images of {classes:,} classes are few: gates that ignore the class would reach a "
    "share of variance of about {share} by chance."
)
FEW = 0.05  # of variance, by chance
ALIKE = 0.005  # means that differ by less are written alike
NO_CLASSES = (
    "These statistics have fewer than two classes with images, so nothing can be said of classes."
)


def curves_words(curves: ClassCurves, drawn: Collection[int] | None = None) -> str:
    """Say where the classes of a block differ most, and how much they do in most channels.

    drawn: the channels of the chart beside the sentence, by default all.
    """
    if not curves.classes:
        return f"Choose classes to compare their gates in {curves.block}."
    at = int(curves.difference.argmax())
    if len(curves.classes) == 1 and curves.difference[at] < ALIKE:
        return NO_CLASSES  # it is the class of all images
    means = sorted(((float(c.mean[at]), c.label) for c in curves.classes), reverse=True)
    if len(means) == 1:
        means.append((float(curves.overall[at]), "all images"))
        means.sort(reverse=True)
    (high, most), (low, least) = means[0], means[-1]
    hidden = "" if drawn is None or at in drawn else " (not among those drawn)"
    return (
        f"In {curves.block} these classes differ most in channel {at}{hidden}: "
        f"{decimals(high, 2)} for {most}, {decimals(low, 2)} for {least}; in half of the channels "
        f"by less than "
        f"{decimals(float(np.median(curves.difference)), 2)}."
    )


def selectivity_words(blocks: Sequence[BlockSelectivity]) -> str:
    """Say what of the article's claim on the role of excitation holds for these blocks.

    The claim: early gates ignore the class, later ones depend on it more, and the last ones are
    saturated, or have much the same pattern for all classes, so that they matter least.
    """
    values, name = _measure(blocks)
    if not values:
        return NO_CLASSES
    if len(blocks) < 3:
        return f"Too few blocks for the article’s claim: {_listed(blocks, values, name)}."
    first, last = _ends(blocks)
    peak, still = int(np.argmax(values)), _still(blocks[-last:])
    start, end = fmean(values[:first]), fmean(values[-last:])
    rises = peak >= first and values[peak] >= MUCH * start
    verdict = {
        0: "The article’s claim does not hold here",
        1: "Half of the article’s claim holds here",
        2: "The article’s claim holds here",
    }[rises + (still >= HALF)]
    where = f"{blocks[peak].block} ({name} {decimals(values[peak], 2)}"
    begins = f"against {decimals(start, 2)} in the first {_count(first)})"
    depth = (
        f"gates are most class-specific in {where}, {begins}"
        if rises
        else f"gates are hardly more class-specific in depth than at the start: most in {where}, "
        f"{begins}"
    )
    ends = _end_words(blocks, last, still, rises=rises)
    return f"{verdict}: {depth}, {ends}{_like(end, values)}{_best(blocks, last)}."


def _measure(blocks: Sequence[BlockSelectivity]) -> tuple[list[float], str]:
    """Return the class selectivity of all blocks, else η² where that is known, and its name."""
    for name, attribute in (
        ("median class selectivity", "selectivity"),
        ("median share of variance between classes", "share"),
    ):
        values = [getattr(block, attribute) for block in blocks]
        if blocks and None not in values:
            return values, name
    return [], ""


def _ends(blocks: Sequence[BlockSelectivity]) -> tuple[int, int]:
    """Count the blocks of the first and of the last stage; thirds where there are no stages."""
    stages = stages_of([block.block for block in blocks])
    if len(set(stages)) < 2:
        third = max(1, len(blocks) // 3)
        return third, third
    return stages.count(stages[0]), stages.count(stages[-1])


def stages_of(names: Sequence[str]) -> list[str]:
    """Return each block's stage, as the article names it; "" where one has no such name."""
    found = [ARTICLE_BLOCK.fullmatch(name) for name in names]
    return [match[1] if match and all(found) else "" for match in found]


def _still(blocks: Sequence[BlockSelectivity]) -> float:
    """Return the share of the channels of blocks that are saturated, or else constant."""
    parts = [max(block.constant, block.saturated or 0) * block.channels for block in blocks]
    return sum(parts) / sum(block.channels for block in blocks)


def _end_words(blocks: Sequence[BlockSelectivity], last: int, still: float, *, rises: bool) -> str:
    what = "constant" if blocks[-1].saturated is None else "saturated or constant"
    joined = "and" if (still >= HALF) == rises else "but"
    of = f"of the last {_count(last)}"
    if not still:
        return f"{joined} no channel {of} is {what}"
    if still == 1:
        return f"{joined} all channels {of} are {what}"
    only = "" if still >= HALF else "only "
    return f"{joined} {only}{percent(still)} of the channels {of} are {what}"


def _like(end: float, values: Sequence[float]) -> str:
    """Say that the last blocks are much the same for all classes, where they are."""
    if end > HALF * max(values):
        return ""
    return f"; their gates differ little by class ({decimals(end, 2)})"


def _best(blocks: Sequence[BlockSelectivity], last: int) -> str:
    """Say that the last blocks all the same tell classes best, where their neighbours do.

    Gates that differ by little may do so reliably: then selectivity is low, and neighbours agree.
    """
    known = [block.neighbours for block in blocks if block.neighbours is not None]
    if len(known) < len(blocks) or known.index(max(known)) < len(blocks) - last:
        return ""
    best = int(np.argmax(known))
    return (
        f"; yet nearest neighbours by gates name the class most often there ({percent(known[best])}"
        f" in {blocks[best].block})"
    )


def _count(number: int) -> str:
    return "block" if number == 1 else f"{number} blocks"


def _listed(blocks: Sequence[BlockSelectivity], values: Sequence[float], name: str) -> str:
    each = (f"{decimals(v, 2)} in {b.block}" for b, v in zip(blocks, values, strict=True))
    return f"{name} {join_list(each)}"


def no_statistics_words(title: str) -> str:
    """Say what to do for a network of which there are no statistics; title: its name."""
    return (
        f"There are no statistics of {title} over a data set: send your own photographs, in class "
        "folders, or measure a data set by `python -m seviz profile`."
    )


def notes(
    blocks: Sequence[BlockSelectivity], *, approximate: bool, images: int, classes: int
) -> list[str]:
    """Return what to know of the numbers of these blocks, a sentence each.

    approximate: they are of rounded class means; classes: with images, of which there are so many.
    """
    # Of values that have nothing to do with K classes, η² is (K − 1) / (N − 1) on average.
    by_chance = (classes - 1) / max(images - 1, 1)
    few = FEW_IMAGES.format(images=images, classes=classes, share=decimals(by_chance, 2))
    said = {
        APPROXIMATE: approximate,
        SIGNED: any(b.selectivity is None and b.share is not None for b in blocks),
        BEYOND_ONE: any(b.saturated is None for b in blocks),
        few: by_chance > FEW,
    }
    return [sentence for sentence, holds in said.items() if holds]
