from pathlib import Path

import pytest

from seviz.measuring.costs import costs_of_variant, count_variant
from seviz.nets.anatomy import anatomies
from seviz.nets.dissection import dissect
from seviz.nets.kept import FILE, VARIANTS, kept
from seviz.nets.variants import STANDARD
from seviz.shipping.kept import KEPT
from seviz.shipping.part import Setting
from seviz.study.intervals import student_quantile


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.key)
def test_kept_blocks_are_those_of_the_networks(variant):
    """Run `python -m seviz remake --only kept` where a test of this file fails."""
    assert variant.key in kept("anatomies")
    assert anatomies(variant) == dissect(variant)


def test_kept_costs_and_quantiles_are_those_that_are_computed():
    assert costs_of_variant(STANDARD) == count_variant(STANDARD, 20)
    quantiles = kept("quantiles")
    assert quantiles["2.0"] == pytest.approx(4.302653, abs=1e-6)  # of three seeds
    for freedom, value in quantiles.items():
        assert value == pytest.approx(student_quantile(float(freedom)), rel=1e-12)


def test_the_file_is_made_anew_where_it_is_missing_or_says_something_else(tmp_path: Path):
    setting = Setting(None, tmp_path)
    assert not KEPT.current(setting)
    assert KEPT.make(setting) == ""
    assert KEPT.current(setting)
    (tmp_path / FILE.name).write_text("{}")
    assert not KEPT.current(setting)
