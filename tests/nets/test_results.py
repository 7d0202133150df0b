import json
import math
from pathlib import Path

import pytest

from seviz.nets.results import FILE, VariantFigures, read, results

FACTS = {
    "title": "SE-VGG",
    "top1": [0.5, 0.75, 0.25],
    "top5": [0.9, 0.8, 1.0],
    "parameters": 12,
    "macs": 345,
    "shipped_seed": 1,
    "temperature": 1.5,
}


def test_figures_are_read_as_they_were_written(tmp_path: Path):
    told = {"about": {"seeds": 3}, "classes": ["a", "b"], "variants": {"k": FACTS}}
    (tmp_path / "study.json").write_text(json.dumps(told), "utf-8")
    found = read(tmp_path / "study.json")
    assert (found.classes, found.about) == (("a", "b"), {"seeds": 3})
    expected = VariantFigures("k", "SE-VGG", (0.5, 0.75, 0.25), (0.9, 0.8, 1.0), 12, 345, 1, 1.5)
    assert found.variants == {"k": expected}


def test_the_mean_and_the_spread_are_those_of_a_sample():
    found = VariantFigures("k", "", (0.5, 0.75, 0.25), (), 0, 0, 0, 1.0)
    assert found.mean == 0.5
    assert found.spread == pytest.approx(math.sqrt((0.25**2 + 0.25**2) / 2))
    assert math.isnan(VariantFigures("k", "", (0.5,), (), 0, 0, 0, 1.0).spread)
    assert VariantFigures("k", "", (0.5, 0.5), (), 0, 0, 0, 1.0).spread == 0


def test_what_travels_is_read_once():
    assert results() is results()
    assert results() == read(FILE)
