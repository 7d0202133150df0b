"""Explanations of an answer, how they move between arms, and how far to trust them, in sentences.

names are the arms as people read them: “with gates”, “with every gate frozen at its average”; where
two are compared, they are the first.
"""

from collections.abc import Sequence

import numpy as np

from seviz.analysis.evidence import Move, move
from seviz.phrases import capitalize
from seviz.records.arms import Arm
from seviz.records.attribution import Attribution, GateShares
from seviz.words.arms import RULES, arm_title, is_folded, is_twin
from seviz.words.numbers import percent, signed
from seviz.words.target import score_name, score_noun

SPREAD = 1.15  # ratio of areas up to which two maps are called equally spread
LARGE = 0.1  # completeness error from which a map does not account for the answer
SLOPES = ("saliency", "smoothgrad", "guided_backprop", "deconvolution")


def value_words(method: str) -> str:
    """Name what the values of a method's maps are."""
    if method == "layer_activation":
        return "activity"
    return "sensitivity" if method in SLOPES else "evidence"


def map_headline(found: Attribution, names: Sequence[str]) -> str:
    """Say how the places that matter to the second arm differ from those of the first."""
    noun, label = value_words(found.method), found.target.label
    moved = move(found)
    if moved is None:
        bare = [n for n, of in zip(names, found.pixels, strict=False) if not (of > 0).any()]
        where = " and ".join(bare)
        return f"{capitalize(where)}, this map holds no {noun} for “{label}”."
    if not np.any(found.pixels[0] != found.pixels[1]):
        return f"The {noun} for “{label}” is exactly the same {names[0]} and {names[1]}."
    if moved.stays:
        return (
            f"The network looks at the same places {names[0]} and {names[1]}: only "
            f"{percent(moved.share)} of the {noun} for “{label}” lies elsewhere."
        )
    return (
        f"{capitalize(names[1])}, {percent(moved.share)} of the {noun} for “{label}” "
        f"lies elsewhere than {names[0]}, and it is {_spread_words(moved)}."
    )


def _spread_words(moved: Move) -> str:
    first, second = moved.spread
    if max(first, second) < SPREAD * min(first, second):
        return "spread about as widely"
    return "spread wider" if second > first else "more concentrated"


def map_figures(found: Attribution, names: Sequence[str]) -> str:
    """Say in figures where the evidence goes and how widely it is spread; "" where it stays."""
    moved = move(found)
    if moved is None or moved.stays:
        return ""
    loser, gainer, (first, second) = moved.loser, moved.gainer, moved.spread
    return (
        f"{capitalize(loser[0])} loses most ({percent(loser[1])} → {percent(loser[2])} of it), "
        f"{gainer[0]} gains most ({percent(gainer[1])} → {percent(gainer[2])}). Half of the map "
        f"lies in {percent(first)} of the picture {names[0]}, in {percent(second)} {names[1]}."
    )


def colour_words(found: Attribution) -> str:
    """Say what colours mean in the pictures of two arms and of their difference."""
    noun, moved = value_words(found.method), move(found)
    shares = (
        ""
        if moved is None or moved.stays
        else f" The frames go by shares: how much of a map’s own {noun} lies there."
    )
    return (
        f"Red speaks for “{found.target.label}”, blue against it. In the third picture, red is "
        f"where the {noun} itself is larger with gates, blue where it is smaller.{shares}"
    )


def completeness_words(found: Attribution, names: Sequence[str]) -> str:
    """Compare the sum of each arm's map with what it should be; "" where a method has no such."""
    if found.scores is None or found.totals is None or found.errors is None:
        return ""
    sums = [
        f"{name}, the map adds up to {signed(float(total))} of {signed(float(score))} "
        f"({percent(float(error))} off)"
        for name, total, score, error in zip(
            names, found.totals, found.scores, found.errors, strict=True
        )
    ]
    taking = f", in {found.steps} steps" if found.steps else ""
    return (
        f"{capitalize('; '.join(sums))}{taking}. The sum should be {score_noun(found.target)} "
        "minus that of a picture of the mean colour."
    )


def completeness_warning(found: Attribution, names: Sequence[str]) -> str:
    """Warn of maps whose sums are far from what they should be; "" where there are none."""
    if found.errors is None:
        return ""
    off = [n for n, error in zip(names, found.errors, strict=True) if error > LARGE]
    if not off:
        return ""
    return (
        f"{capitalize(' and '.join(off))}, the map misses the {score_name(found.target)} by "
        f"{percent(float(found.errors.max()))}: it leaves out or invents a part of the answer, so "
        "take the places it shows as a hint only."
    )


def shares_headline(shares: GateShares) -> str:
    """Say how all gates together change an answer's logit, and which block does most."""
    words = RULES.get(shares.reference)
    reference = words.gates if words else shares.reference
    verb = "raise" if shares.difference >= 0 else "lower"
    sums = {name: float(of.sum(dtype=np.float64)) for name, of in shares.shares.items()}
    most = max(sums, key=lambda name: abs(sums[name]))
    return (
        f"Compared with {reference}, this photograph’s gates {verb} "
        f"{score_noun(shares.target)} by {abs(shares.difference):.2f}. The largest part is that of "
        f"{most} ({signed(round(sums[most], 2))})."
    )


def no_shares_words(arm: Arm) -> str:
    """Say why the answer is not shared out among gates in comparison with an arm."""
    if is_folded(arm):
        return (
            "The folded network’s gates are in its weights, so there are none to compare with: "
            "choose another column at the left."
        )
    if is_twin(arm):
        return (
            "The network trained without SE has no gates to compare with: choose another column at "
            "the left."
        )
    return (
        f"The shares are measured from gates at their mean, at 1 or at one mean per block, not "
        f"from “{arm_title(arm)}”: choose such a column at the left."
    )


def shares_sum_words(shares: GateShares, without: float | None = None) -> str:
    """Say how exactly the shares add up to the difference of the scores.

    without: the answer's probability with the reference gates, where it is known.
    """
    return (
        f"All shares add up to {signed(round(shares.total, 3))}; the difference is "
        f"{signed(round(shares.difference, 3))} ({percent(shares.error)} off, in {shares.steps} "
        f"steps).{_probability_words(shares, without)}"
    )


def _probability_words(shares: GateShares, without: float | None) -> str:
    """Say that the probability changes in the other direction than the logit, if it does."""
    p = shares.target.probability
    if without is None or (p >= without) == (shares.difference >= 0):
        return ""
    if percent(p) == percent(without):
        return f" Its probability is {percent(p)}, with them and without."
    return (
        f" Yet its probability is {percent(p)} with them and {percent(without)} without: they "
        f"{'raise' if shares.difference >= 0 else 'lower'} other logits more."
    )
