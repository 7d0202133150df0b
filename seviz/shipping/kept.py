"""The part of `remake` that keeps what the laboratory shows at first (`seviz.nets.kept`)."""

import json
from dataclasses import asdict
from itertools import combinations
from typing import Any

from seviz.files import write_whole
from seviz.measuring.costs import count_variant
from seviz.nets.dissection import dissect
from seviz.nets.kept import FILE, VARIANTS
from seviz.nets.results import results
from seviz.nets.variants import STANDARD
from seviz.shipping.part import Part, Setting
from seviz.study.intervals import student_quantile, welch_freedom

CLASSES = 20  # of the study's networks


def content() -> dict[str, Any]:
    """Measure the blocks, count the costs, and compute the quantiles of all differences."""
    accuracies = [found.top1 for found in results().variants.values()]
    freedoms = {float(len(of_seeds) - 1) for of_seeds in accuracies}
    freedoms |= {welch_freedom(*pair) for pair in combinations(accuracies, 2)}
    return {
        "anatomies": {v.key: [asdict(block) for block in dissect(v)] for v in VARIANTS},
        "costs": {f"{STANDARD.key} {CLASSES}": asdict(count_variant(STANDARD, CLASSES))},
        "quantiles": {str(freedom): student_quantile(freedom) for freedom in sorted(freedoms)},
    }


def _text() -> str:
    return json.dumps(content(), ensure_ascii=False) + "\n"


def _is_current(setting: Setting) -> bool:
    file = setting.out / FILE.name
    return file.exists() and file.read_text("utf-8") == _text()


def _make(setting: Setting) -> str:
    write_whole(setting.out / FILE.name, _text().encode())
    return ""


KEPT = Part("kept", _is_current, _make)
