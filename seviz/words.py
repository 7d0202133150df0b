"""Results in sentences: what an arm says, and where a channel stands."""

from seviz.records import NEAR_ONE, NEAR_ZERO, Answer, FeatureMaps, Trace

SURE = 0.2  # confidence under which an answer is called a guess


def headline(trace: Trace) -> str:
    """Say what the first arm answered and what the second would have (plain text)."""
    intact, other = trace.top(0, 1)[0], trace.top(1, 1)[0]
    if intact.index != other.index:
        return (
            f"Without its gates the network would have said {_said(other)} "
            f"instead of {_said(intact)}."
        )
    without = trace.answer(1, intact.index).probability
    return (
        f"With or without its gates the network says {intact.label}: "
        f"{percent(intact.probability)} with them, {percent(without)} without."
    )


def doubt(trace: Trace) -> str | None:
    """Say that a photograph resembles nothing the network knows well; None where it is sure."""
    confidence = trace.confidence(0)
    if confidence is None or confidence >= SURE:
        return None
    return (
        "This resembles nothing that the network knows well: where it is as unsure as here, it is "
        f"right in about {max(round(10 * confidence), 1)} of 10 cases. Take its answer as a guess "
        f"among its {len(trace.labels)} classes."
    )


def union_of_tops(trace: Trace, k: int) -> list[tuple[Answer, Answer]]:
    """Pair both arms' words on every class in either arm's top k, by the larger probability."""
    classes = {answer.index for arm in (0, 1) for answer in trace.top(arm, k)}
    pairs = [(trace.answer(0, i), trace.answer(1, i)) for i in classes]
    return sorted(pairs, key=lambda p: (-max(p[0].probability, p[1].probability), p[0].index))


def channel_facts(maps: FeatureMaps, channel: int) -> str:
    """Say what one channel was squeezed to, how its gate answered, and its rank in the block."""
    gates = maps.s_computed
    z, s = float(maps.u[channel].mean()), float(gates[channel])
    rank = int((gates > s).sum()) + 1
    effect = _effect(s, float(maps.s[channel]))
    return (
        f"Channel {channel} of {maps.site.name}: squeezed to z = {signed(z)}, excited to "
        f"s = {s:.4f} ({_ordinal(rank)}largest of {len(gates)}), {effect}."
    )


def _effect(computed: float, applied: float) -> str:
    if applied != computed:
        return f"but in this pass its gate is set to {applied:.4g}"
    if computed > NEAR_ONE:
        return "so its gate leaves it almost as it is"
    if computed < NEAR_ZERO:
        return "so its gate shuts it off"
    return f"so its gate lets {percent(computed)} of it through"


def percent(share: float) -> str:
    """Write a share for people: 78 %, 0.4 %, and never 0 % or 100 % for what only comes near."""
    points = 100 * share
    if 0 < points < 0.1:
        return "< 0.1 %"
    if 99.9 < points < 100:
        return "> 99.9 %"
    digits = 1 if points < 10 or points > 99 else 0
    return f"{points:.{digits}f} %"


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points, with its sign."""
    return f"{100 * difference:+.1f}".replace("-", "−")


def signed(value: float) -> str:
    """Write a value to four digits, with a minus sign instead of a hyphen."""
    return f"{value:.4g}".replace("-", "−")


def _said(answer: Answer) -> str:
    return f"{answer.label} ({percent(answer.probability)})"


def _ordinal(n: int) -> str:
    """Write “2nd ” for 2, and nothing for 1: the largest, the 2nd largest."""
    if n == 1:
        return ""
    suffix = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix} "
