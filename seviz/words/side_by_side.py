"""Two variants side by side, in sentences; they are called A and B."""

from collections.abc import Callable, Iterator

from seviz.nets.results import Found
from seviz.nets.variants import HOST_NAMES, Variant
from seviz.phrases import listed
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.words.answers import answer_words, doubt
from seviz.words.gates import excitation_of, kind_of, unsqueezed_words
from seviz.words.numbers import percent, signed
from seviz.words.se import EXCITATIONS, SQUEEZES, place_of
from seviz.words.study import comparison_words

OF_SE: tuple[tuple[str, Callable[[Variant], str]], ...] = (
    ("the squeeze", lambda v: SQUEEZES[v.squeeze].definition),
    ("the end of the excitation", lambda v: EXCITATIONS[v.excitation].definition),
    ("the reduction r", lambda v: f"C channels to C / {v.r}"),
    (
        "the stages with SE",
        lambda v: f"{', '.join(map(str, v.stages))} only" if v.stages else "all",
    ),
    ("the place of SE", lambda v: place_of(v).brief),
)
NO_GATES = "This host is without SE: it has no gates to show."
Difference = tuple[str, str, str]  # in what, and what A and B have there


def headline(a: Trace, b: Trace) -> str:
    """Say what both answer."""
    first, second = a.top(0, 1)[0], b.top(0, 1)[0]
    if first.index == second.index:
        chances = f"A at {percent(first.probability)}, B at {percent(second.probability)}"
        return f"Both say {first.label}: {chances}."
    return f"A says {answer_words(first)}, B says {answer_words(second)}."


def sureness(a: Trace, b: Trace) -> str | None:
    """Say how often answers as sure as these are right; None where that was not measured."""
    first, second = a.confidence(0), b.confidence(0)
    if first is None or second is None:
        return None
    tenths = [max(round(10 * confidence), 1) for confidence in (first, second)]
    return (
        f"Where it is as sure as here, A is right in about {tenths[0]} of 10 cases, "
        f"B in about {tenths[1]}."
    )


def guesses(a: Trace, b: Trace) -> Iterator[str]:
    """Warn of each answer that is little more than a guess."""
    for name, trace in (("A", a), ("B", b)):
        if doubted := doubt(trace):
            yield f"{name}: {doubted}"


def differences(a: Variant, b: Variant) -> list[Difference]:
    """List in what two variants differ; the details of SE only where both have it."""
    found = []
    if a.host != b.host:
        found.append(("the host", HOST_NAMES[a.host], HOST_NAMES[b.host]))
    if a.plain != b.plain:
        found.append(("having SE", _has_se(a), _has_se(b)))
    if a.plain or b.plain:
        return found
    details = (
        (name, of(a), of(b)) for name, of in OF_SE if a.host == b.host or "place" not in name
    )
    return found + [row for row in details if row[1] != row[2]]


def _has_se(of: Variant) -> str:
    return "no" if of.plain else "yes"


def difference_words(a: Variant, b: Variant) -> str:
    """Say in what two variants differ, and that all else is alike."""
    names = [name for name, _, _ in differences(a, b)]
    if not names:
        return "A and B are the same variant; choose another to compare it with."
    return (
        f"They differ in {listed(names)}. Both were trained on the same images by the same recipe; "
        f"the answers here are those of each variant's best seed.{_bare(a, b)}"
    )


def _bare(a: Variant, b: Variant) -> str:
    return " Neither has gates to compare." if a.plain and b.plain else ""


def verdict(a: Found, b: Found) -> str | None:
    """Say whether B is better than A in the study; None where they are the same."""
    return None if a.key == b.key else f"In the study, {comparison_words(b, a)}"


def accuracy(found: Found) -> str:
    """Write top-1 over the seeds: “54.7 ± 0.3 %”."""
    spread = f" ± {100 * found.spread:.1f}" if len(found.top1) > 1 else ""
    return f"{100 * found.mean:.1f}{spread} %"


def scales(a: Trace, b: Trace, *spans: tuple[float, float]) -> str:
    """Say on which scales the atlases are; spans: the range of each one's colours."""
    ranges = [f"from {signed(low)} to {signed(high)}" for low, high in spans]
    if not a.sites or not b.sites:
        without, has = ("A", 1) if not a.sites else ("B", 0)
        return f"{without} has no gates; those of the other are shown {ranges[has]}."
    if kind_of(a.sites) == kind_of(b.sites):
        return f"Both are on one scale, {ranges[0]}, so equal colours are equal gates."
    return (
        f"Each is on the scale of its own gates, A {ranges[0]}, B {ranges[1]}: compare the numbers."
    )


def colour_words(sites: tuple[Site, ...]) -> str:
    """Say what an atlas's colours mean."""
    if not sites:
        return NO_GATES
    return " ".join(filter(None, [excitation_of(sites).colours, unsqueezed_words(sites)]))


def bar_words(sites: tuple[Site, ...]) -> str:
    """Say what a depth profile counts."""
    return excitation_of(sites).counted if sites else NO_GATES
