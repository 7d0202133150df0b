"""What the study found, in sentences: no more than the seeds can show."""

from collections.abc import Iterable, Iterator

from seviz.nets.results import Results, VariantFigures
from seviz.nets.variants import STUDIES
from seviz.study.against_reference import rows
from seviz.study.intervals import Difference, difference
from seviz.words.findings import NAMES, headline, order_words
from seviz.words.numbers import difference as written
from seviz.words.numbers import points


def comparison_words(found: VariantFigures, other: VariantFigures) -> str:
    """Compare two variants, and say whether other seeds could reverse the difference."""
    gap = difference(found.top1, other.top1)
    own = f"{found.title} is at {100 * found.mean:.1f} %, {points(gap.mean)} points"
    return f"{own} from {other.title} ({100 * other.mean:.1f} %): {verdict(gap)}."


def verdict(gap: Difference) -> str:
    """Say in a clause whether the seeds suffice to be sure of a difference."""
    if gap.low == float("-inf"):
        return "one seed can't tell by how much other seeds would differ"
    interval = f"95 % interval {written(100 * gap.low)} to {written(100 * gap.high)}"
    if gap.clear:
        return f"more than the spread between seeds explains ({interval})"
    return f"too few seeds to be sure ({interval}, which holds 0)"


def study_lines(study: str, results: Results) -> Iterator[str]:
    """Compare each variant of a study with its reference, here and in the article."""
    for row in rows(study, results):
        if row.gap is None:
            continue
        here = comparison_words(row.figures, results.variants[row.reference.key])
        yield f"{here} In the article, on ImageNet: {written(row.gap.theirs)} points."


def results_lines(results: Results, studies: Iterable[str] = STUDIES) -> Iterator[str]:
    """Write studies as tables, each followed by sentences on its differences."""
    for study in studies:
        yield f"\n{NAMES[study]:36}  {'top-1':>6}  {'spread':>6}  {'parameters':>10}  {'MACs':>7}"
        for variant in STUDIES[study]:
            found = results.variants[variant.key]
            spread = "" if len(found.top1) < 2 else f"{100 * found.spread:.1f}"
            yield (
                f"{found.title:36}  {100 * found.mean:4.1f} %  {spread:>6}  "
                f"{found.parameters:10,}  {found.macs / 1e6:5.1f} M"
            )
        yield from study_lines(study, results)
        yield headline(study, results)
        yield order_words(study, results)
