"""What arms answer, and what happens to one channel, in sentences."""

from seviz.analysis.against_intact import Comparison
from seviz.records.arms import TWIN
from seviz.records.sites import NEAR_ONE, NEAR_ZERO
from seviz.records.trace import Answer, FeatureMaps, Trace
from seviz.words.numbers import decimals, difference, ordinal, percent, points, signed

SURE = 0.2  # an answer of less confidence is called a guess
FAR = 1.0  # stored standard deviations: a shift of a norm's input that is rare in training


def headline(trace: Trace) -> str:
    """Say what the first arm answered and what the second would have (plain text)."""
    intact, other = trace.top(0, 1)[0], trace.top(1, 1)[0]
    if intact.index != other.index:
        return (
            f"Without its gates the network would have said {answer_words(other)} "
            f"instead of {answer_words(intact)}."
        )
    without = trace.answer(1, intact.index).probability
    return (
        f"With or without its gates the network says {intact.label}: "
        f"{percent(intact.probability)} with them, {percent(without)} without."
    )


def doubt(trace: Trace) -> str | None:
    """Warn that an answer is little more than a guess; None where the network is sure."""
    confidence = trace.confidence(0)
    if confidence is None or confidence >= SURE:
        return None
    return (
        "The network is unsure of this photograph: where it is as unsure as here, it is right in "
        f"about {max(round(10 * confidence), 1)} of 10 cases. Take its answer as a guess among its "
        f"{len(trace.labels)} classes."
    )


def union_of_tops(trace: Trace, k: int) -> list[tuple[Answer, Answer]]:
    """Pair both arms' answers on each class of either arm's top k, by the larger probability."""
    classes = {answer.index for arm in (0, 1) for answer in trace.top(arm, k)}
    pairs = [(trace.answer(0, i), trace.answer(1, i)) for i in classes]
    return sorted(pairs, key=lambda p: (-max(p[0].probability, p[1].probability), p[0].index))


def change_words(change: Comparison, label: str) -> str:
    """Say how far edits change a network's answers and the inputs of its later layers."""
    shift = "" if change.shift is None else _shift_words(change.shift)
    return (
        f"The logit of {label} changes by {difference(change.logit)}, its probability by "
        f"{points(change.probability)} percentage points. The answers as a whole move by "
        f"{change.divergence:.3f} nats (KL divergence; 0 is not at all), and the top answer "
        f"{'changes' if change.flipped else 'stays the same'}.{shift}"
    )


def _shift_words(shift: float) -> str:
    return (
        f" The inputs of the next layers shift by up to {shift:.2f} standard deviations "
        f"({'large: far from what they were trained on' if shift >= FAR else 'small'})."
    )


def twin_words(trace: Trace) -> str | None:
    """Say what the twin without SE answers; None where it is no arm of the trace."""
    rows = [row for row, arm in enumerate(trace.arms) if arm.edits == TWIN.edits]
    if not rows:
        return None
    answer = answer_words(trace.top(rows[0], 1)[0])
    return (
        f"Its twin without SE, trained the same way, says {answer}. This compares two "
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
