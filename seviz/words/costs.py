"""What SE costs a network, in sentences."""

from collections.abc import Iterator

from seviz.measuring.costs import Costs
from seviz.phrases import minus
from seviz.words.numbers import percent


def cost_lines(found: Costs) -> Iterator[str]:
    """Say what SE adds, and why counting the real modules gives more or less than the formula."""
    plain = found.parameters - found.parameters_added
    share = percent(found.parameters_added / plain)
    yield (
        f"SE adds {found.parameters_added:,} parameters, {share} of the {plain:,} without it, in "
        f"{len(found.blocks)} block{'' if len(found.blocks) == 1 else 's'}."
    )
    yield f"By the article's formula, 2/r · Σ N·C² with r = {found.r:g}: {found.formula:,.0f}."
    if found.biases:
        yield f"Biases, which the formula leaves out: {_more(found.biases)}."
    if round(found.rounding):
        other = f"Projections of other widths than C/{found.r:g}, or of another number than two"
        yield f"{other}: {_more(found.rounding)}."
    if found.other:
        yield f"Norms inside the SE blocks: {_more(found.other)}."
    added = found.macs_added / (found.macs - found.macs_added)
    yield (
        f"It adds {found.macs_added:,} multiply-adds per image, {percent(added)} of the "
        f"{found.macs - found.macs_added:,} without it."
    )
    if found.latency is not None and found.latency_quartiles is not None:
        low, high = found.latency_quartiles
        yield (
            f"One image takes {found.latency:.2f} times as long as without SE on this machine, now "
            f"(quartiles of the pairs timed: {low:.2f} to {high:.2f})."
        )


def _more(count: float) -> str:
    return minus(f"{count:+,.0f}")
