"""What arms answer, and what happens to one channel, in sentences."""

from collections.abc import Sequence

import numpy as np

from seviz.analysis.against_intact import Comparison, compare
from seviz.phrases import capitalize, join_list
from seviz.records.numbers import SOFTMAX, Floats
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.records.trace import Answer, FeatureMaps, Trace
from seviz.records.unknown import Unknown
from seviz.words.arms import arm_clause, arm_title, is_folded, is_twin
from seviz.words.numbers import decimals, difference, ordinal, percent, points, signed

SURE = 0.2  # an answer of less confidence is called a guess
MOST_TOLD = 2  # edited arms whose answers the headline tells one by one
FAR = 1.0  # stored standard deviations: a shift of a norm's input that is rare in training
NEAR = 0.5  # a smaller shift is called small; between both it is noticeable


def headline(trace: Trace) -> str:
    """Say what the network answers, and what each further arm answers by what was done in it.

    An arm whose later layers receive inputs far from training is told with that caveat; the twin,
    another network, has a sentence of its own.
    """
    rows = range(1, len(trace.arms))
    edited = [row for row in rows if not is_twin(trace.arms[row])]
    sentences = [_edited_words(trace, edited)]
    sentences += [_twin_answer(trace, row) for row in rows if row not in edited]
    return " ".join(sentences)


def _edited_words(trace: Trace, rows: list[int]) -> str:
    """Say in one sentence what the network answers, with its gates and in its edited arms."""
    if len(rows) == 1:
        arm = trace.arms[rows[0]]
        change = answer_change(trace, rows[0], column=arm_title(arm))
        return f"{capitalize(arm_clause(arm))}, the network {change}."
    own = trace.top(0, 1)[0]
    kept = [row for row in rows if trace.top(row, 1)[0].index == own.index]
    if len(rows) > MOST_TOLD:
        return _counted_words(trace, rows, len(rows) - len(kept))
    still = [f"{arm_clause(trace.arms[row])} ({_odds(trace, row)})" for row in kept]
    others = [
        f"{trace.top(row, 1)[0].label} ({_odds(trace, row)}) {arm_clause(trace.arms[row])}"
        for row in rows
        if row not in kept
    ]
    text = f"The network says {answer_words(own)}"
    text += f", still {own.label} {join_list(still)}" if still else ""
    text += f", but {join_list(others)}" if others else ""
    far = _far_columns(trace, rows)
    return f"{text}; read {far} with care." if far else f"{text}."


def _counted_words(trace: Trace, rows: list[int], changed: int) -> str:
    """Count in how many edited arms the answer changes, and name those with inputs far off."""
    counted = f"{changed} of the {len(rows)}" if changed else f"none of the {len(rows)}"
    text = (
        f"The network says {answer_words(trace.top(0, 1)[0])}; the top answer changes in {counted} "
        "columns with other gates."
    )
    far = _far_columns(trace, rows)
    if not far:
        return text
    return f"{text} Read {far} with care: later layers’ inputs are far from training."


def _far_columns(trace: Trace, rows: list[int]) -> str:
    """Name the columns whose later layers receive inputs far from training; "" for none."""
    far = [f"“{arm_title(trace.arms[row])}”" for row in rows if _far_shift(trace, row) is not None]
    return join_list(far) if far else ""


def _odds(trace: Trace, row: int) -> str:
    """Write the probability of an arm's first answer, and how far its inputs are off if far."""
    shift, probability = _far_shift(trace, row), percent(trace.top(row, 1)[0].probability)
    if shift is None:
        return probability
    return f"{probability}, inputs {_deviations(shift)} off"


def answer_change(trace: Trace, row: int, *, column: str) -> str:
    """Say what an arm says instead of the first: “still says lion: 52 % instead of 78 %”.

    column: the title of the arm's column.
    """
    own, other = trace.top(0, 1)[0], trace.top(row, 1)[0]
    if own.index == other.index:
        now, before = percent(other.probability), percent(own.probability)
        than = ", as before" if now == before else f" instead of {before}"
        alone = len(trace.labels) == 1  # it may be unlikely, and the network does not say it then
        says = f"gives {own.label} a probability of" if alone else f"still says {own.label}:"
        change = f"{says} {now}{than}"
    else:
        change = f"says {answer_words(other)} instead of {answer_words(own)}"
    shift = _far_shift(trace, row)
    if shift is None:
        return change
    return (
        f"{change}, but its later layers receive inputs up to {_deviations(shift)} off: read "
        f"“{column}” with care"
    )


def _twin_answer(trace: Trace, row: int) -> str:
    own, answer = trace.top(0, 1)[0], trace.top(row, 1)[0]
    too = "too " if answer.index == own.index else ""
    who = "Trained without SE, its twin"
    if is_folded(arm := trace.arms[row]):
        which = arm_title(arm).partition(": ")[2]
        who = f"Folded ({which}), it"
    return f"{who} says {answer.label} {too}({percent(answer.probability)})."


def arm_note(trace: Trace, row: int) -> str:
    """Say in a line under a column's head how far to trust it; "" where nothing is to be said."""
    if is_folded(trace.arms[row]):
        return "its static gates are in its weights"
    if is_twin(trace.arms[row]):
        return "another network: it has no gates"
    change = compare(trace, row)
    if not trace.arms[row].edits or change is None or change.shift is None:
        return ""
    if not change.shift:
        return "later layers’ inputs do not shift"
    size = _size(change.shift, far="far from training, read with care")
    return f"later layers’ inputs shift by ≤ {max(change.shift, 0.1):.1f} SD: {size}"


def doubt(trace: Trace, found: Unknown | None = None) -> str | None:
    """Warn that an answer is a guess, or of a photograph of other things; None where it is sure.

    found: how likely the photograph is of none of the classes, where that was calibrated. It tells
    little more than chance: so both rates are said.
    """
    if found and found.below:
        measured = (
            f" (as measured on {found.calibrated_on} of the laboratory’s networks)"
            if isinstance(found.calibrated_on, int)
            else ""
        )
        return (
            f"The network is unsure here (calibrated: {percent(found.value)}). So are "
            f"{percent(found.known_below)} of photographs of its own {len(trace.labels)} classes, "
            f"and {percent(found.unknown_below)} of photographs of anything else{measured}: it may "
            "show none of its classes."
        )
    confidence = trace.confidence(0)
    if confidence is None or confidence >= SURE:
        return None
    return (
        "The network is unsure of this photograph: where it is as unsure as here, it is right in "
        f"about {max(round(10 * confidence), 1)} of 10 cases. Take its answer as a guess among its "
        f"{len(trace.labels)} classes."
    )


def union_of_tops(
    trace: Trace, k: int, rows: Sequence[int] | None = None
) -> list[tuple[Answer, ...]]:
    """List all arms' answers on each class of any arm's top k; rows: the arms, else all.

    The first arm's own answer comes first, then the classes by their largest probability.
    """
    logits = trace.logits if rows is None else trace.logits[list(rows)]
    return merge_tops(logits, trace.labels, k, head=trace.head)


def merge_tops(
    logits: Floats, labels: Sequence[str], k: int, *, head: str = SOFTMAX
) -> list[tuple[Answer, ...]]:
    """List the answers of N rows of logits (N×K) as `union_of_tops` does, N for each class."""
    own = int(logits[0].argmax())
    classes = {int(i) for row in logits for i in np.argsort(-row, kind="stable")[:k]}
    found = [tuple(Answer.of(row, labels, i, head=head) for row in logits) for i in classes]
    return sorted(
        found,
        key=lambda of: (of[0].index != own, -max(a.probability for a in of), of[0].index),
    )


def tops_caption(title: str, k: int) -> str:
    """Say which answers `union_of_tops` lists; title: whose they are."""
    which = "the first answer" if k == 1 else f"the {k} most probable answers"
    return f"{title}: {which} of each column"


def change_words(change: Comparison, label: str, *, twin: bool = False) -> str:
    """Say how far edits change a network's answers and the inputs of its later layers.

    twin: it is another network, whose logits are on a scale of their own.
    """
    shift = "" if change.shift is None else _shift_words(change.shift)
    moved = f"{points(change.probability)} percentage points"
    first = (
        f"The probability of {label} changes by {moved}; logits of two networks can’t be compared."
        if twin
        else f"The logit of {label} changes by {difference(change.logit)}, its probability by "
        f"{moved}."
    )
    return (
        f"{first} The answers as a whole move by "
        f"{change.divergence:.3f} nats (KL divergence; 0 is not at all), and the top answer "
        f"{'changes' if change.flipped else 'stays the same'}.{shift}"
    )


def _shift_words(shift: float) -> str:
    if not shift:
        return " The inputs of the next layers do not shift."
    size = _size(shift, far="large: far from what they were trained on")
    return f" The inputs of the next layers shift by up to {_deviations(shift)} ({size})."


def _size(shift: float, *, far: str) -> str:
    """Name the size of a shift of inputs; far: the words for one that is rare in training."""
    return far if shift >= FAR else "noticeable" if shift >= NEAR else "small"


def _deviations(shift: float) -> str:
    """Write the largest shift, in standard deviations; a tiny one is not rounded to 0."""
    return f"{max(shift, 0.01):.{1 if shift >= FAR else 2}f} standard deviations"


def _far_shift(trace: Trace, row: int) -> float | None:
    """Return how far an arm moves the inputs of later layers, None where that is not far."""
    change = compare(trace, row)
    shift = None if change is None else change.shift
    return shift if shift is not None and shift >= FAR else None


def twin_words(trace: Trace) -> str | None:
    """Say what a comparison with the twin without SE shows; None where it is no arm."""
    if not any(map(is_twin, trace.arms)):
        return None
    if any(map(is_folded, trace.arms)):
        return (
            "The folded network is this one with static gates in its weights: it gives the answers "
            "of these gates held at their mean, unless it was tuned since."
        )
    return (
        "The twin is another network, trained the same way without SE: beside it one compares two "
        "architectures, not gates on and off."
    )


def channel_facts(maps: FeatureMaps, channel: int) -> str:
    """Say a channel's descriptor z, its gate s, and the gate's rank in the block."""
    gates = maps.s_computed
    z, s = float(maps.z[channel]), float(gates[channel])
    squeezed = f"squeezed to z = {signed(z)}" if maps.site.squeezed else "not squeezed"
    excited = "excited to" if maps.site.squeezed else "excited at each position, on average to"
    rank = int((gates > s).sum()) + 1
    effect = _effect(s, float(maps.s[channel]))
    return (
        f"Channel {channel} of {maps.site.name}: {squeezed}, {excited} "
        f"s = {decimals(s, 4)} ({ordinal(rank)}largest of {len(gates)}), {effect}."
    )


def _effect(computed: float, applied: float) -> str:
    if applied != computed:
        return f"but in this pass its gate is set to {signed(applied)}"
    if computed > 2 - NEAR_ONE:  # a ReLU's
        return f"so its gate makes it {computed:.2f} times as large"
    if computed < -NEAR_ZERO:  # a tanh's
        return f"so its gate lets {percent(-computed)} of it through, with its sign flipped"
    if computed > NEAR_ONE:
        return "so its gate leaves it almost as it is"
    if computed < NEAR_ZERO:
        return "so its gate shuts it off"
    return f"so its gate lets {percent(computed)} of it through"


def answer_words(answer: Answer) -> str:
    """Name an answer with its probability: “lion (78 %)”."""
    return f"{answer.label} ({percent(answer.probability)})"
