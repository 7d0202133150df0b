"""The ranges that ship with a network, as the part “ranges” of `seviz remake` wrote them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seviz.records.ranges import BlockRanges, Quantised, TensorRanges
from seviz.zoo.catalogue import find

STATISTICS, ENDING = ".profile.safetensors", ".ranges.json"  # files of one name lie side by side
NAME = "ranges"  # of the entry
NONE: Mapping[str, BlockRanges] = {}


def shipped_ranges(key: str) -> Mapping[str, BlockRanges]:
    """Return the ranges of a network's blocks by name; none where they are not known.

    Those of other weights than the network's are not of this network.
    """
    source = find(key)
    if source.statistics is None:
        return NONE
    weights, ranges = _read(ranges_file(source.statistics))
    return ranges if weights == source.digest else NONE


def ranges_file(statistics: Path) -> Path:
    """Return where the ranges of a network lie, whose gate statistics are in a file."""
    return statistics.with_name(statistics.name.removesuffix(STATISTICS) + ENDING)


@cache
def _read(file: Path) -> tuple[str, Mapping[str, BlockRanges]]:
    """Return the sha256 of the weights, and the ranges by block; none without a file."""
    if not file.exists():
        return "", NONE
    found = json.loads(file.read_text("utf-8"))[NAME]["found"]
    return found["weights"], {of["site"]: _block(of) for of in found["blocks"]}


def _block(of: Mapping[str, Any]) -> BlockRanges:
    tensors = (_tensor(of[name]) for name in ("before", "after"))
    return BlockRanges(of["site"], of["channels"], tuple(of["s"]), *tensors)


def _tensor(of: Mapping[str, Any]) -> TensorRanges:
    scales = {name: Quantised(**of[name]) for name in ("by_largest", "by_quantile")}
    return TensorRanges(**{**of, "quantiles": tuple(of["quantiles"]), **scales})
