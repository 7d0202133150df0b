"""Channels that were removed, as files: the curves as a table, the channels for pruning tools."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from seviz.files import write_whole
from seviz.measuring.removal import RemovalFound
from seviz.measuring.table_files import csv_file, csv_line
from seviz.records.removal import Removal
from seviz.records.sites import Site

COLUMNS = ("order", "seed", "share", "removed", "accuracy", "lost", "low", "high")


def save_curves(path: Path, found: Removal) -> None:
    """Write the curves as .csv, a row a point; the first row is of the intact network."""
    with csv_file(path, COLUMNS) as file:
        intact = ["intact", "", "0", "0", f"{found.accuracy:.7g}", "0", "0", "0"]
        file.write(csv_line(intact) + "\n")
        for curve in found.curves:
            seed = "" if curve.seed is None else str(curve.seed)
            for p in curve.points:
                numbers = (p.share, p.removed, p.accuracy, *astuple(p.lost))
                cells = [curve.order, seed, *(f"{number:.7g}" for number in numbers)]
                file.write(csv_line(cells) + "\n")


def save_mask(
    path: Path,
    found: RemovalFound,
    *,
    order: str,
    share: float,
    sites: Sequence[Site],
    provenance: Mapping[str, Any],
) -> None:
    """Write as JSON which channels an order removes at a share that was measured, by block.

    Each block has its module path, so that a pruning tool finds it, and the number of its channels.
    """
    removed = found.removed(order, share)
    curve = next(curve for curve in found.removal.curves if curve.order == order)
    point = next(point for point in curve.points if point.share == share)
    mask = {
        "order": order,
        "share": share,
        "across": found.removal.across,
        "images": found.removal.images,
        "accuracy": {"intact": found.removal.accuracy, "removed": point.accuracy},
        "lost": asdict(point.lost),
        "blocks": {
            site.name: {
                "path": site.path,
                "channels": site.channels,
                "removed": removed.get(site.name, []),
            }
            for site in sites
        },
        "provenance": provenance,
    }
    write_whole(path, f"{json.dumps(mask, indent=1, ensure_ascii=False)}\n".encode())
