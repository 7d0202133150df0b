"""Whether a variant was trained here, and its accuracy, in sentences."""

from collections.abc import Iterator, Mapping

from seviz.nets.results import VariantFigures
from seviz.nets.variants import STUDIES, Variant
from seviz.study.against_reference import reference_of
from seviz.words.study import comparison_words

NO_GATES = (
    "Without SE there are no gates to open. “Explore” shows this network as the twin beside the "
    "SE networks of the same host."
)
NOT_TRAINED = (
    "This combination was not trained, so there are no weights to open and no accuracy. Its "
    "shapes and costs are those of the real network all the same."
)


def trained_lines(
    variant: Variant, found: Mapping[str, VariantFigures], where: str
) -> Iterator[str]:
    """Say what the study found for a variant, if it was trained; where: on which images."""
    if own := found.get(variant.key):
        yield accuracy(own, where)
        reference = found.get(_reference(variant).key)
        if reference and reference != own:
            yield comparison_words(own, reference)
    elif not variant.plain:
        yield NOT_TRAINED
    if variant.plain:
        yield NO_GATES


def accuracy(found: VariantFigures, where: str) -> str:
    """Say how often a variant is right, over its seeds."""
    top1 = f"{100 * found.mean:.1f} %"
    seeds = len(found.top1)
    if seeds < 2:
        return f"Trained here: {top1} top-1 of one seed, on {where}."
    return (
        f"Trained here: {top1} ± {100 * found.spread:.1f} top-1, mean and standard deviation of "
        f"{seeds} seeds, on {where}; the weights that open are the best seed’s, at "
        f"{100 * found.top1[found.shipped_seed]:.1f} %."
    )


def nearest_heading(choices: int) -> str:
    """Head a list of the nearest trained networks."""
    how = "one choice" if choices == 1 else f"{choices} choices"
    return f"Trained networks that differ in {how}: choose one"


def _reference(variant: Variant) -> Variant:
    """Return the variant that the study compares a trained variant with."""
    study = next(name for name, variants in STUDIES.items() if variant in variants)
    return reference_of(study, variant)
