"""The study as CSV: one row per variant, with units in the column names."""

import csv
import io
from collections.abc import Iterable
from math import isfinite
from statistics import fmean
from typing import Any

from seviz.nets.results import Results
from seviz.study.against_reference import Row, rows
from seviz.study.paper import SOURCES

CARD = "assets/study.md"  # describes the recipe


def study_csv(studies: Iterable[str], results: Results) -> str:
    """Return studies as CSV; differences are to the column `reference`, and + is better."""
    lines = [_line(study, row, results) for study in studies for row in rows(study, results)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def _line(study: str, row: Row, results: Results) -> dict[str, Any]:
    return {
        "study": study,
        "key": row.figures.key,
        "variant": row.figures.title,
        **_measured(row),
        **_difference(row),
        "parameters": row.figures.parameters,
        "multiply_adds_per_image": row.figures.macs,
        "article_top1_error_percent": row.reported.top1,
        "article_top5_error_percent": row.reported.top5,
        "article_top1_difference_points": "" if row.gap is None else row.gap.theirs,
        "article_parameters_millions": row.reported.millions,
        "article_source": f"arXiv 1709.01507v4, ImageNet: {SOURCES[study]}",
        "recipe": f"{CARD}, {' '.join(results.about['dates'])}",
    }


def _measured(row: Row) -> dict[str, Any]:
    """Return every seed's accuracy, then the mean and standard deviation."""
    by_seed = {
        f"{name}_seed{seed}_percent": _percent(share)
        for name, shares in (("top1", row.figures.top1), ("top5", row.figures.top5))
        for seed, share in enumerate(shares)
    }
    return by_seed | {
        "top1_mean_percent": _percent(row.figures.mean),
        "top1_spread_points": _percent(row.figures.spread),
        "top5_mean_percent": _percent(fmean(row.figures.top5)),
    }


def _difference(row: Row) -> dict[str, Any]:
    heads = [f"top1_difference{end}_points" for end in ("", "_low", "_high")]
    if row.gap is None:
        return {"reference": "", **dict.fromkeys(heads, ""), "larger_than_spread": ""}
    here = row.gap.here
    return {
        "reference": row.reference.key,
        **dict(zip(heads, map(_percent, (here.mean, here.low, here.high)), strict=True)),
        "larger_than_spread": "yes" if here.clear else "no",
    }


def _percent(share: float) -> float | str:
    """Return a share in percent, to four decimals; empty where one seed gives no value."""
    return round(100 * share, 4) if isfinite(share) else ""
