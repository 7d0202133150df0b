"""Which gates matter for an answer, and the state of blocks, in sentences."""

from collections.abc import Sequence

import numpy as np

from seviz.gates.grammar import parse_arm
from seviz.phrases import capitalize, join_list
from seviz.records.analysis import Drivers, Effects, Necessity
from seviz.records.numbers import Floats
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.reference.diagnosis import STILL, Diagnosis
from seviz.words.arms import replacement_words
from seviz.words.numbers import decimals, percent, signed
from seviz.words.ranges import resolution_words
from seviz.words.target import chance_name, score_name, score_noun

NAMED = 4  # more blocks than these are counted, not named


def necessity_words(found: Necessity) -> str:
    """Say which block an answer needs most, and how many of the last blocks it does not need."""
    alone = found.logit[0]
    most = int(np.abs(alone).argmax())
    replaced = replacement_words(parse_arm(found.rule).edits[0].rule, found.sites[most])
    moved = _change_words(
        float(alone[most]), float(found.probability[0, most]), chance_name(found.target)
    )
    return (
        f"{replaced} moves “{found.target.label}” most: its {score_name(found.target)} {moved}. "
        f"{_alone_words(found)}{_dispensable_words(found)}"
    )


def _alone_words(found: Necessity) -> str:
    """Name the blocks whose gates alone, replaced, change the top answer; "" for none."""
    names = [name for name, flips in zip(found.sites, found.flipped[0], strict=True) if flips]
    if not names:
        return ""
    if len(names) > NAMED:
        return f"Each of {len(names)} blocks, replaced alone, changes the top answer. "
    alone = "each replaced alone, change" if len(names) > 1 else "replaced alone, changes"
    return f"{join_list(names)}, {alone} the top answer. "


def _change_words(logit: float, probability: float, chance: str) -> str:
    """Say how a class's logit and probability move: “falls by 3.10 and its probability by …”."""
    verb, other = ("fall" if change < 0 else "rise" for change in (logit, probability))
    again = "" if verb == other else f" {other}s"
    # The probability follows the logit's distance to the others.
    why = f", as other logits {verb} more" if again else ""
    return (
        f"{verb}s by {abs(logit):.2f} and its {chance}{again} by "
        f"{abs(100 * probability):.1f} percentage points{why}"
    )


def _dispensable_words(found: Necessity) -> str:
    """Say from which block on all gates can be replaced together, and where the answer is back."""
    sites, flips = found.sites, np.flatnonzero(found.flipped[1])
    if not len(flips):
        return "The top answer stays, from whichever block on all gates are replaced together."
    last = int(flips[-1])
    if last == len(sites) - 1:
        text = f"With the gates of {sites[-1]}, the last block, replaced, the top answer changes"
    else:
        text = (
            f"The gates from {sites[last + 1]} to the end can be replaced together and the top "
            f"answer stays; with those of {sites[last]} too, it changes"
        )
    return f"{text}{_return_words(sites[:last], [not of for of in found.flipped[1, :last]])}."


def _return_words(earlier: Sequence[str], kept: Sequence[bool]) -> str:
    """Say from which of the earlier blocks on all gates can be replaced again, if from any."""
    back = [site for site, stays in zip(earlier, kept, strict=True) if stays]
    if not back:
        return ", and so it does from every earlier block on" if earlier else ""
    named = join_list(back, " or ")
    if len(back) > NAMED:
        named = f"{len(back)} of the {len(earlier)} earlier blocks"
    return f". Yet replaced from {named} on, it is the same again"


def gate_facts(found: Effects, driven: Drivers, *, s: float, place: float | None) -> str:
    """Say how one gate (s) changes the target's logit, how usual it is, and what drives it.

    The effect is the exact one where it was measured, else that to first order.
    place: its percentile among the reference images, None where there are none.
    """
    slope = float(found.first_order[driven.site][driven.channel])
    exact = found.exact(driven.site, driven.channel)
    effect, how = (slope, "to first order") if exact is None else (exact, _measured(slope, exact))
    gate = f"Gate {driven.channel} of {driven.site} (s = {decimals(s, 4)})"
    does = "adds" if effect >= 0 else "takes"
    whose = "to" if effect >= 0 else "from"
    usual = "" if place is None else f"; it is larger than for {place:.0f} % of reference images"
    return (
        f"{gate} {does} {abs(effect):.3f} {whose} {score_noun(found.target)}, {how}{usual}. "
        f"{_driver_words(driven.jacobian, s)}."
    )


def _measured(first_order: float, exact: float) -> str:
    """Say how an exact effect was measured, and what first order says where it has another sign."""
    how = "measured by setting it to 0"
    if first_order * exact >= 0:
        return how
    return (
        f"{how} (first order says {signed(round(first_order, 3))}, with the other sign: the "
        "network is far from linear in this gate)"
    )


def _driver_words(jacobian: Floats, s: float) -> str:
    """Say which z of the block open and shut a gate s most, by its derivatives (C) by them.

    A negative gate is raised and lowered: what raises it brings it nearer to shut.
    """
    if np.isnan(jacobian).any():
        return "Nothing is squeezed here, so no z drives it"
    more, less = ("opens", "shuts") if s >= 0 else ("raises", "lowers")
    drivers = [
        f"the z of channel {j} {does} it most (slope ∂s/∂z = {signed(float(jacobian[j]))})"
        for j, does in ((int(jacobian.argmax()), more), (int(jacobian.argmin()), less))
        if (jacobian[j] > 0) == (does == more) and jacobian[j]
    ]
    sentence = ", ".join(drivers) or "no z moves it"
    return capitalize(sentence)


def diagnosis_words(found: Diagnosis) -> str:
    """Say what state a block's gates are in, and whether int8 would take its resolution."""
    return f"{_state_words(found)} {lost_words(found)}".rstrip()


def lost_words(found: Diagnosis) -> str:
    """Say that int8 would take a block's resolution; "" where not, or where it is not known."""
    return resolution_words(found.site, before=found.narrow_before, after=found.narrow)


def _state_words(found: Diagnosis) -> str:
    shut = f"{percent(found.shut)} of its gates are {_near_zero(found)}"
    match found.verdict:
        case "dead":
            return f"{found.site} is dead: {shut}, so it shuts almost all of its channels off."
        case "saturated":
            return (
                f"{found.site} is saturated: {percent(found.open)} of its gates are over "
                f"{NEAR_ONE}, so it has become almost an identity."
            )
        case "constant":
            return (
                f"{found.site} is constant: over the reference images none of its "
                f"{found.channels} gates has a standard deviation over {STILL}, so it scales "
                "every photograph almost alike."
            )
    moving = "" if found.moving is None else f"; {moving_words(found.moving, found.channels)}"
    return (
        f"{found.site} is at work: {percent(found.open)} of its gates are over {NEAR_ONE}, "
        f"{percent(found.shut)} {_near_zero(found)}{moving}."
    )


def moving_words(moving: int, channels: int) -> str:
    """Count the channels that move over the reference images (`seviz.reference.diagnosis`)."""
    if moving == channels:
        return f"all {channels} channels move"
    verb = "moves" if moving == 1 else "move"
    return f"{moving} of {channels} channels {verb}; the rest stand still"


def _near_zero(found: Diagnosis) -> str:
    """Say which gates count as shut: those around 0, where gates may be negative."""
    return f"under {NEAR_ZERO}" if found.entropy is not None else f"within {NEAR_ZERO} of 0"
