"""Sentences that compare two variants, A and B, on one photograph and in the study."""

from collections.abc import Callable, Iterator

from seviz.nets.results import VariantFigures
from seviz.nets.variants import HOST_NAMES, Variant
from seviz.photos.examples import Offer
from seviz.phrases import join_list
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.words.answers import answer_words, doubt
from seviz.words.gates import excitation_of, kind_of, unsqueezed_words
from seviz.words.numbers import percent, signed
from seviz.words.se import EXCITATIONS, SQUEEZES, place_of
from seviz.words.study import comparison_words

# What variants with SE can differ in, and a variant's choice in words.
SE_CHOICES: tuple[tuple[str, Callable[[Variant], str]], ...] = (
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
Difference = tuple[str, str, str]  # what differs, how A has it, how B has it


def headline(a: Trace, b: Trace) -> str:
    """Say which class each variant answers, and with which probability."""
    of_a, of_b = a.top(0, 1)[0], b.top(0, 1)[0]
    if of_a.index == of_b.index:
        probabilities = f"A at {percent(of_a.probability)}, B at {percent(of_b.probability)}"
        return f"Both say {of_a.label}: {probabilities}."
    return f"A says {answer_words(of_a)}, B says {answer_words(of_b)}."


def example_words(a: Offer | None, b: Offer | None) -> str | None:
    """Say of an example which variants do not know it or get it wrong; None for any other."""
    if a is None or b is None:
        return None
    shown = f"The example is of {a.example.shows}: "
    wrong = [name for name, offer in (("A", a), ("B", b)) if offer.right is False]
    if not wrong:
        return None
    if not (a.known or b.known):
        return f"{shown}none of their classes."
    return f"{shown}{'both get' if len(wrong) > 1 else f'{wrong[0]} gets'} it wrong."


def confidence_words(a: Trace, b: Trace) -> str | None:
    """Say how often each variant is right at these confidences; None where not calibrated."""
    first, second = a.confidence(0), b.confidence(0)
    if first is None or second is None:
        return None
    tenths = [max(round(10 * confidence), 1) for confidence in (first, second)]
    return (
        f"Where it is as sure as here, A is right in about {tenths[0]} of 10 cases, "
        f"B in about {tenths[1]}."
    )


def classes_words(trace: Trace) -> str:
    """Say how few classes the study's networks know."""
    return (
        f"Both know only {len(trace.labels)} classes: what shows anything else gets the name of "
        "one of these all the same"
    )


def guess_warnings(a: Trace, b: Trace) -> Iterator[str]:
    """Yield a warning for each answer that is little more than a guess."""
    for name, trace in (("A", a), ("B", b)):
        if warning := doubt(trace):
            yield f"{name}: {warning}"


def differences(a: Variant, b: Variant) -> list[Difference]:
    """List what two variants differ in; SE_CHOICES only where both variants have SE.

    The place of SE is compared within one host only, as other hosts have other places.
    """
    found = []
    if a.host != b.host:
        found.append(("the host", HOST_NAMES[a.host], HOST_NAMES[b.host]))
    if a.plain != b.plain:
        found.append(("having SE", _has_se(a), _has_se(b)))
    if a.plain or b.plain:
        return found
    choices = (
        (name, words(a), words(b))
        for name, words in SE_CHOICES
        if a.host == b.host or "place" not in name
    )
    return found + [(name, of_a, of_b) for name, of_a, of_b in choices if of_a != of_b]


def _has_se(variant: Variant) -> str:
    return "no" if variant.plain else "yes"


def difference_words(a: Variant, b: Variant) -> str:
    """Say what two variants differ in, and that they were trained alike."""
    names = [name for name, _, _ in differences(a, b)]
    if not names:
        return "A and B are the same variant; choose another to compare it with."
    return (
        f"They differ in {join_list(names)}. Both were trained on the same images by the same "
        f"recipe; the answers here are those of each variant's best seed.{_no_gates_words(a, b)}"
    )


def _no_gates_words(a: Variant, b: Variant) -> str:
    return " Neither has gates to compare." if a.plain and b.plain else ""


def verdict(a: VariantFigures, b: VariantFigures) -> str | None:
    """Say whether B is better than A in the study; None where they are the same."""
    return None if a.key == b.key else f"In the study, {comparison_words(b, a)}"


def accuracy(found: VariantFigures) -> str:
    """Write the mean and the spread of top-1 accuracy over the seeds, as “54.7 ± 0.3 %”."""
    spread = f" ± {100 * found.spread:.1f}" if len(found.top1) > 1 else ""
    return f"{100 * found.mean:.1f}{spread} %"


def scale_words(a: Trace, b: Trace, *spans: tuple[float, float]) -> str:
    """Say whether both atlases share a colour scale; spans: the gates at the ends of each scale."""
    ranges = [f"from {signed(low)} to {signed(high)}" for low, high in spans]
    if not a.sites or not b.sites:
        without, other = ("A", 1) if not a.sites else ("B", 0)
        return f"{without} has no gates; those of the other are shown {ranges[other]}."
    if kind_of(a.sites) == kind_of(b.sites):
        return f"Both are on one scale, {ranges[0]}, so equal colours are equal gates."
    return (
        f"Each is on the scale of its own gates, A {ranges[0]}, B {ranges[1]}: compare the numbers."
    )


def colour_words(sites: tuple[Site, ...]) -> str:
    """Explain the colours of a variant's atlas; sites: its SE blocks."""
    if not sites:
        return NO_GATES
    return " ".join(filter(None, [excitation_of(sites).colours, unsqueezed_words(sites)]))


def bar_words(sites: tuple[Site, ...]) -> str:
    """Explain the bars of a variant's depth profile; sites: its SE blocks."""
    return excitation_of(sites).counted if sites else NO_GATES
