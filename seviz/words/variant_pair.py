"""Sentences on what sets two variants of the laboratory, A and B, apart, and on their study."""

from collections.abc import Callable

from seviz.nets.results import VariantFigures
from seviz.nets.variants import HOST_NAMES, Variant
from seviz.phrases import join_list
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
Difference = tuple[str, str, str]  # what differs, how A has it, how B has it


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
