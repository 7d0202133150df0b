"""What each study of the laboratory answers, in sentences derived from its figures."""

from collections.abc import Iterable, Iterator

from seviz.nets.embedded import DATA
from seviz.nets.results import Results
from seviz.nets.variants import (
    EXCITATION_NAMES,
    HOST_NAMES,
    INTEGRATION_NAMES,
    PLAIN,
    SIDE,
    SQUEEZE_NAMES,
    STUDIES,
    Variant,
)
from seviz.phrases import join_list
from seviz.study.against_reference import Order, Row, order, rows

NAMES = {
    "host": "Host × SE",
    "squeeze": "Squeeze",
    "excitation": "Excitation",
    "r": "Reduction r",
    "stage": "Stage",
    "integration": "Integration",
}
QUESTIONS = {
    "host": "Does SE help, whatever network it is put into?",
    "squeeze": "Is the average the best squeeze, and is a squeeze needed?",
    "excitation": "Must the gates be sigmoids?",
    "r": "How narrow may the bottleneck of the excitation be?",
    "stage": "In which stage does SE matter?",
    "integration": "Where in the residual unit does the SE block belong?",
}
REFERENCES = {
    "host": "the same host without SE",
    "squeeze": "the average squeeze",
    "excitation": "sigmoid gates",
    "r": "r = 16",
    "stage": "SE in all stages",
    "integration": "the standard place",
}


def short_name(study: str, variant: Variant) -> str:
    """Name a variant by what its study changes, such as “r = 8” or “stage 2 only”."""
    host = HOST_NAMES[variant.host]
    stages = ", ".join(map(str, variant.stages))
    return {
        "host": f"{host} {INTEGRATION_NAMES[PLAIN]}" if variant.plain else f"SE-{host}",
        "squeeze": SQUEEZE_NAMES[variant.squeeze],
        "excitation": EXCITATION_NAMES[variant.excitation],
        "r": f"r = {variant.r}",
        "stage": f"stage {stages} only" if stages else "all stages",
        "integration": INTEGRATION_NAMES[variant.integration],
    }[study]


def headline(study: str, results: Results) -> str:
    """Answer a study's question: which differences are clear, and which as in the article."""
    held = [row for row in rows(study, results) if row.gap]
    if any(len(found.top1) < 2 for found in results.variants.values()):
        return "One seed of each variant can't tell which differences other seeds would reverse."
    reference = REFERENCES[study]
    clauses = []
    for agrees, ahead in ((True, False), (True, True), (False, False), (False, True)):
        names = [
            short_name(study, row.variant)
            for row in held
            if row.gap
            and row.gap.here.clear
            and (row.gap.agrees, row.gap.here.mean > 0) == (agrees, ahead)
        ]
        if names:
            way = "ahead of" if ahead else "behind"
            like = "as in the article" if agrees else "unlike in the article"
            clauses.append(f"{_are(names)} clearly {way} {reference}, {like}")
            reference = "it" if study != "host" else reference
    if not clauses:
        return (
            f"None of the {len(held)} differences from {reference} is clear: there are too few "
            "seeds to be sure of any order."
        )
    if open_ := [short_name(study, row.variant) for row in held if not _clear(row)]:
        clauses.append(f"{join_list(open_)} can’t be told from {reference} with so few seeds")
    return _sentence("; ".join(clauses))


def order_words(study: str, results: Results) -> str:
    """Say for how much of the article's order there is evidence here."""
    found = order(study, results)
    what = "pairs of a host with and without SE" if study == "host" else "pairs of variants"
    open_ = f"for {found.open} there are too few seeds to be sure" if found.open else "none is open"
    return (
        f"Of the {found.pairs} {what}, {_number(found.agree)} clearly ordered as in the article, "
        f"{_number(found.contradict)} clearly the other way round, and {open_}.{_verdict(found)}"
    )


def seeds_words(results: Results) -> str:
    """Name the images of the study, and from how many seeds each variant was trained."""
    images = f"{len(results.classes)} classes of {DATA}"
    return f"{images}, {results.about['seeds']} seeds of each variant"


def method_lines(results: Results) -> Iterator[str]:
    """Say how the figures were measured."""
    about = results.about
    recipe = about["recipe"]
    runs = sum(len(found.top1) for found in results.variants.values())
    yield (
        f"{runs} runs: each of {len(results.variants)} variants from {about['seeds']} seeds, by "
        f"one recipe, of {recipe['epochs']} epochs over {about['train_images']:,} images of "
        f"{len(results.classes)} classes of {DATA}, at {recipe['small']} and in the end "
        f"{recipe['large']} pixels a side. Variants of one seed begin with the same host and see "
        "the same images in the same order."
    )
    yield (
        f"Top-1 and top-5 are of the {about['val_images']:,} validation images of these classes, "
        f"at {SIDE} pixels; the spread is the standard deviation over the seeds. Intervals are of "
        "95 %: of a mean by Student’s t, of a difference by Welch’s."
    )
    yield (
        f"It took {about['hours']:.1f} hours of runs, each on one thread of a machine of "
        f"{about['cores']} cores, torch {' and '.join(about['torch'])}, "
        f"{' and '.join(about['dates'])}."
    )


def caveat_lines(results: Results) -> Iterator[str]:
    """Say what the figures do not show."""
    gaps = sum(row.gap is not None for study in STUDIES for row in rows(study, results))
    yield (
        "The article’s figures are of another data set and of full-size networks, so only signs "
        "and order can be compared. It gives one figure a network and no spread; some of its "
        "differences are of hundredths of a point."
    )
    yield (
        f"One in twenty intervals of 95 % misses: if none of the {gaps} differences here were "
        f"real, {gaps / 20:.1f} of them would still be called clear on average."
    )
    yield (
        "The weights that open in Explore are of each variant’s best seed on these same images: "
        "their accuracy is a little too high; the means here are not."
    )
    yield (
        "The article’s ablations leave out the biases of the excitation’s two projections; here "
        "they are in."
    )


def _clear(row: Row) -> bool:
    return row.gap is not None and row.gap.here.clear


def _are(names: Iterable[str]) -> str:
    named = list(names)
    return f"{join_list(named)} {'is' if len(named) == 1 else 'are'}"


def _sentence(text: str) -> str:
    """Begin with a capital, but for a symbol such as r, and end with a full stop."""
    first = text[:1] if text.startswith("r =") else text[:1].upper()
    return f"{first}{text[1:]}."


def _number(n: int) -> str:
    return f"{n or 'none'} {'is' if n in (0, 1) else 'are'}"


def _verdict(found: Order) -> str:
    """Sum up; where nothing is clear, the headline has said so."""
    if found.open == found.pairs:
        return ""
    if found.reproduced:
        return " So the article’s order is reproduced."
    if found.contradict:
        return " So the article’s order is not reproduced at this scale."
    return " As far as the seeds can tell, the article’s order holds."
