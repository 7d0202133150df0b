"""The accuracy with channels removed, in sentences."""

from collections.abc import Iterator

from seviz.phrases import capitalize
from seviz.records.losses import Estimate
from seviz.records.removal import RANDOM, Curve, Removal
from seviz.words.numbers import percent, points

NAMES = {  # of orders
    "gate": "the smallest mean gate",
    "deviation": "the smallest deviation of the gate",
    "score": "the smallest mean |s · ∂logit/∂s|",
    RANDOM: "chance",
}
SHORT = {"gate": "mean gate", "deviation": "deviation", "score": "|s · ∂logit/∂s|", RANDOM: RANDOM}
BARS = (
    "Each bar is the 95 % interval of the difference from the intact network, on the same images."
)


def what_words(found: Removal) -> str:
    """Say which channels are removed."""
    if found.block:
        return f"of the {found.channels:,} channels of {found.block}, with all other blocks intact"
    if found.across:
        return f"of all {found.channels:,} channels, in one ranking over all blocks"
    return f"of each block’s channels, {found.channels:,} together"


def chosen_words(found: Removal) -> str:
    """Say on which images the orders were chosen, and on which the accuracy was measured."""
    said = []
    if found.statistics:
        said.append(f"mean gates and deviations are of {found.statistics}")
    if found.chosen_on:
        said.append(f"scores are of {found.chosen_on:,} other images of the data set")
    measured = f"The accuracy is of {found.images:,} images"
    return f"{measured}; {' and '.join(said)}." if said else f"{measured}."


def verdicts(found: Removal) -> Iterator[str]:
    """Say of each order whether it is a better criterion than chance; nothing without random."""
    if not found.random:
        return
    for curve in found.orders:
        ahead = [point.ahead for point in curve.points if point.ahead and 0 < point.share < 1]
        if not ahead:
            continue
        better = sum(lead.low > 0 for lead in ahead)
        worse = sum(lead.high < 0 for lead in ahead)
        mean = sum(lead.mean for lead in ahead) / len(ahead)
        yield (
            f"{capitalize(NAMES[curve.order])} first: {_verdict(better, worse, len(ahead))}; on "
            f"average {points(mean)} points."
        )


def removal_words(found: Removal) -> str:
    """Say in a paragraph what was removed, what it costs at one share, and how good orders are."""
    return " ".join((*filter(None, [_example(found)]), *verdicts(found), chosen_words(found)))


def loss_words(lost: Estimate) -> str:
    """Write what is lost with its interval: “−5.2 points (−7.1 to −3.3)”."""
    ends = f"{points(-lost.high)} to {points(-lost.low)}"
    return f"{points(-lost.mean)} points ({ends})"


def _example(found: Removal) -> str:
    """Say what the best order loses at the share nearest a quarter."""
    curves: tuple[Curve, ...] = found.orders or found.curves
    place = min(range(len(found.shares)), key=lambda i: abs(found.shares[i] - 0.25))
    best = max(curves, key=lambda curve: curve.points[place].accuracy)
    point = best.points[place]
    said = (
        f"Without {percent(point.share)} {what_words(found)}, removed by {NAMES[best.order]}, "
        f"{percent(point.accuracy)} of the answers are right instead of "
        f"{percent(found.accuracy)}: {loss_words(point.lost)}"
    )
    if best.order != RANDOM and found.random:
        mean, least, greatest = found.random[place]
        said += (
            f"; at random it is {percent(mean)} ({percent(least)} to {percent(greatest)} by seed)"
        )
    return f"{said}."


def _verdict(better: int, worse: int, count: int) -> str:
    if better and worse:
        return f"better than at random at {better} of {count} shares, and worse at {worse}"
    if better or worse:
        how = "better" if better else "worse"
        return f"{how} than at random at {better or worse} of {count} shares"
    return f"no different from random at any of {count} shares"
