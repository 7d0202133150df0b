"""One gate over the images of a data set, in sentences."""

from collections.abc import Iterator

from seviz.phrases import join_list
from seviz.records.one_gate import OneGate
from seviz.reference.diagnosis import moves
from seviz.words.numbers import decimals, percent

NAMED = 2  # classes in a headline
WEAK = 0.1  # a correlation below which z and s have little to do with each other
OLDER = (
    "These statistics are of an older format: the share of variance between classes and the class "
    "means of z are missing; `python -m seviz profile` measures them."
)
NO_IMAGES = (
    "Which images open or shut this gate is not known here: a file of images must lie beside the "
    "statistics; `python -m seviz profile --data DIR_OR_ZIP --out FILE` writes both."
)
NO_CLASSES = "The images are of one class, or have none, so no classes can be compared."
NOT_SQUEEZED = "Nothing is squeezed in this block, so there is no z to compare s with."
HINT = (
    "Bars: the mean gate of a class, with one standard deviation over its images. Curve: what "
    "share of the images has a smaller gate. That, and how often the gate is open or shut, is "
    "taken from a sample of the images. Points: a class each, its mean descriptor z against its "
    "mean gate s."
)


def headline(gate: OneGate) -> str:
    """Say in one sentence how a gate behaves over the images."""
    if not moves(gate.std):
        return (
            f"{gate.name} is nearly the same for all {gate.images:,} images: "
            f"{decimals(gate.mean, 3)} ± {decimals(gate.std, 3)}."
        )
    spread = f"{decimals(gate.mean, 2)} ± {decimals(gate.std, 2)} over {gate.images:,} images"
    named = min(NAMED, len(gate.classes) // 2)
    if not named:
        return f"{gate.name} is {spread}."
    opens, shuts = (
        join_list(of.label for of in classes)
        for classes in (gate.opens_for(named), gate.shuts_for(named))
    )
    return f"{gate.name} opens most for {opens} and least for {shuts}: {spread}."


def facts(gate: OneGate) -> str:
    """Say how much of a gate is class, and how often it is open or shut."""
    return " ".join(_facts(gate))


def _facts(gate: OneGate) -> Iterator[str]:
    if gate.share is not None:
        yield f"{percent(gate.share)} of its variance lies between classes (η²)."
    if gate.selectivity is not None:
        yield f"Its class selectivity is {decimals(gate.selectivity, 2)}."
    yield (
        f"It is over 0.95 for {percent(gate.open)} of the images and within 0.05 of zero for "
        f"{percent(gate.shut)}."
    )


def correlation_words(gate: OneGate) -> str:
    """Say what holds here of the claim that z and s correlate negatively; else ""."""
    if gate.correlation is None:
        return ""
    own = (
        f"Over the classes, z and s of this channel have the correlation "
        f"{decimals(gate.correlation, 2)}"
    )
    if gate.block_correlation is None:
        return f"{own}."
    median = gate.block_correlation
    holds = (
        "as they report"
        if median < -WEAK
        else "unlike what they report"
        if median > WEAK
        else "which is hardly any: single channels have it, and the block as a whole has not"
    )
    return (
        f"{own}. The authors of LCT (arXiv 1909.03834) report a negative one of SE: the larger a "
        f"descriptor, the smaller its gate. The median over all channels of {gate.site} is "
        f"{decimals(median, 2)}, {holds}."
    )
