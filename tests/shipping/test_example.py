"""The shipped result of the page's example, held against the network's own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seviz.learn.example import FILE, ExampleResult, load_example
from seviz.nets.embedded import ASSETS
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.shipping import example as module
from seviz.shipping import part
from seviz.shipping.example import EXAMPLE, make_example
from seviz.shipping.part import Setting, weight_digests


@pytest.fixture(scope="module")
def fresh() -> ExampleResult:
    return make_example(weight_digests("embedded", "twin"))


@pytest.fixture(scope="module")
def kept() -> ExampleResult:
    return load_example(ASSETS / FILE, read_photo(EXAMPLES[0].path))


def test_the_shipped_result_is_that_of_a_fresh_trace(fresh: ExampleResult, kept: ExampleResult):
    near = {"rtol": 1e-3, "atol": 1e-4}  # other processors round otherwise
    assert kept.trace.arms == fresh.trace.arms == (INTACT, STATIC, TWIN)
    assert (kept.trace.model, kept.trace.sites) == (fresh.trace.model, fresh.trace.sites)
    assert (kept.trace.labels, kept.trace.temperature) == (
        fresh.trace.labels,
        fresh.trace.temperature,
    )
    for group in ("z", "s", "s_computed", "shift"):
        mine, theirs = (getattr(of.trace, group) for of in (kept, fresh))
        assert list(mine) == list(theirs)
        for name, values in theirs.items():
            np.testing.assert_allclose(mine[name], values, **near, err_msg=f"{group} of {name}")
    np.testing.assert_allclose(kept.trace.logits, fresh.trace.logits, **near)
    np.testing.assert_allclose(kept.silenced, fresh.silenced, **near)
    np.testing.assert_array_equal(kept.trace.seen, fresh.trace.seen)
    assert (kept.maps.site, kept.channel, kept.name) == (
        fresh.maps.site,
        fresh.channel,
        fresh.name,
    )
    np.testing.assert_allclose(kept.maps.u[kept.channel], fresh.maps.u[kept.channel], **near)
    for group in ("s", "s_computed", "z"):
        mine, theirs = (getattr(of.maps, group) for of in (kept, fresh))
        np.testing.assert_allclose(mine, theirs, **near)


def test_its_silenced_gate_is_that_gate_alone(fresh: ExampleResult):
    assert fresh.silenced.shape == fresh.trace.logits[0].shape
    assert not np.allclose(fresh.silenced, fresh.trace.logits[0], atol=1e-4)


def test_the_shipped_result_is_of_the_shipped_weights(kept: ExampleResult, tmp_path: Path):
    assert kept.weights == weight_digests("embedded", "twin")
    assert EXAMPLE.current(Setting(tmp_path, ASSETS))


def test_the_part_is_made_and_is_then_of_the_present_weights(tmp_path: Path, monkeypatch):
    setting = Setting(tmp_path, tmp_path)
    assert not EXAMPLE.current(setting)  # there is none
    assert (EXAMPLE.lacks(setting), EXAMPLE.make(setting)) == ("", "")
    assert EXAMPLE.current(setting)
    monkeypatch.setattr(part, "hexdigest", lambda file: "0" * 64)
    assert not EXAMPLE.current(setting)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_not_current(content: bytes, tmp_path: Path):
    (tmp_path / FILE).write_bytes(content)
    assert not EXAMPLE.current(Setting(tmp_path, tmp_path))


def test_without_the_photograph_the_part_lacks_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(module, "FIRST", replace(EXAMPLES[0], package="no_such_package"))
    said = EXAMPLE.lacks(Setting(tmp_path, tmp_path))
    assert said == "the photograph media_assets/images/lion.jpg is not there"
