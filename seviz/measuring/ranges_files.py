"""The ranges of a network as files: a table, arrays by channel, or JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seviz.files import write_whole
from seviz.measuring.ranges import RangesFound
from seviz.measuring.table_files import CSV, NPZ, csv_file, csv_line, save_npz, texts
from seviz.records.ranges import LEVELS, BlockRanges, TensorRanges

JSON = ".json"
ENDINGS = (CSV, NPZ, JSON)
TENSORS = {"s": "s", "before": "U", "after": "s·U"}  # by kind
SCALES = ("by_largest", "by_quantile")
QUANTISED = ("step", "clipped", "most_clipped", "narrow", "noise_ratio")
COLUMNS = (
    *("block", "channels", "tensor"),
    *(f"q{level:g}" for level in LEVELS),
    "spread",
    *(f"{scale}_{name}" for scale in SCALES for name in QUANTISED),
    "channel_noise_ratio",
)


def save_ranges(path: Path, found: RangesFound, *, provenance: Mapping[str, Any]) -> None:
    """Write ranges, by the file's ending; UserError where it can't be written.

    .csv: COLUMNS, a row a block and tensor, empty where there is no number; .npz: the least and
    greatest value of each channel, such as after/SE_2_1/low, with the blocks' names; .json: all of
    `Ranges`, with provenance.
    """
    ending = path.suffix.lower()
    if ending == JSON:
        text = json.dumps({**asdict(found.ranges), "provenance": provenance}, indent=1)
        write_whole(path, f"{text}\n".encode())
        return
    if ending == NPZ:
        arrays = {
            f"{kind}/{site}/{end}": values
            for kind, by_site in found.extents.items()
            for site, extent in by_site.items()
            for end, values in vars(extent).items()
        }
        save_npz(path, {"blocks": texts(of.site for of in found.ranges.blocks), **arrays})
        return
    with csv_file(path, COLUMNS) as file:
        for block in found.ranges.blocks:
            file.writelines(csv_line(cells) + "\n" for cells in _rows(block))


def _rows(block: BlockRanges) -> Iterator[list[str]]:
    yield _row(block, "s", _cells(block.s) + [""] * (len(COLUMNS) - 3 - len(LEVELS)))
    yield _row(block, "before", _of_tensor(block.before))
    yield _row(block, "after", _of_tensor(block.after))


def _row(block: BlockRanges, kind: str, cells: list[str]) -> list[str]:
    return [block.site, str(block.channels), TENSORS[kind], *cells]


def _of_tensor(of: TensorRanges) -> list[str]:
    quantised = [getattr(getattr(of, scale), name) for scale in SCALES for name in QUANTISED]
    return _cells((*of.quantiles, of.spread, *quantised, of.channel_noise_ratio))


def _cells(values: tuple[float | None, ...]) -> list[str]:
    return ["" if value is None else f"{value:.7g}" for value in values]
