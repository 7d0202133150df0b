"""What folding did to a network, in lines."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seviz.phrases import join_list
from seviz.words.numbers import difference

if TYPE_CHECKING:
    from seviz.folding.compare import Cost, Latency
    from seviz.folding.report import FoldReport

WAYS = {
    "before": "folded into the layers before",
    "behind": "folded into what follows",
    "stays": "kept as fixed scales of the channels",
}
NAMED = 24  # more blocks than these are not all named


def way_lines(report: "FoldReport") -> Iterator[str]:
    """Yield where the gates of the folded blocks are now, and which blocks stay."""
    for way, words in WAYS.items():
        if names := [name for name, of_block in report.blocks.items() if of_block == way]:
            yield f"{_some(names)} ({len(names)}): gates {words}"
    left = report.left
    yield f"{len(left)} SE blocks stay: {_some(left)}" if left else "no SE block is left"


def proof_line(report: "FoldReport") -> str:
    """Say which gates were folded, and how far the answers are from those of the static arm."""
    return (
        f"static gates: means over {report.statistics}; logits differ from the static arm's by "
        f"{report.error:.1e} of their norm" + (", before tuning" if report.tuned else "")
    )


def cost_line(found: "Cost") -> str:
    """Write parameters and multiply-adds before and after."""
    (parameters, fewer), (macs, less) = found.parameters, found.macs
    return (
        f"parameters {parameters:,} → {fewer:,} ({_percent(fewer / parameters)}); multiply-adds "
        f"{macs / 1e6:,.1f} M → {less / 1e6:,.1f} M ({_percent(less / macs)})"
    )


def latency_line(found: "Latency") -> str:
    """Write the time of a batch before and after."""
    before, after = found.milliseconds
    images = "1 image" if found.batch == 1 else f"{found.batch} images"
    low, high = (difference(100 * (end - 1), 1) for end in (found.low, found.high))
    noise = ", which is noise" if found.low < 1 < found.high else ""
    return (
        f"{found.device}, {images}: {before:.2f} ms → {after:.2f} ms; pair by pair "
        f"{_percent(found.ratio)} [{low}, {high}]{noise} (medians and quartiles of {found.pairs} "
        "alternating pairs)"
    )


def _some(names: Sequence[str]) -> str:
    """Name blocks, those in the middle of many by dots."""
    few = len(names) <= NAMED
    return join_list(list(names)) if few else f"{names[0]}, {names[1]} … {names[-1]}"


def _percent(ratio: float) -> str:
    return f"{difference(100 * (ratio - 1), 1)} %"
