from pathlib import Path

import pytest

from seviz.nets import kept as module
from seviz.nets.kept import kept


@pytest.fixture
def forgotten():
    """Read the file anew in this test, and after it."""
    module._read.cache_clear()
    yield
    module._read.cache_clear()


def test_a_copy_without_the_file_keeps_nothing(forgotten, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(module, "FILE", tmp_path / "none.json")
    assert kept("costs") == kept("anatomies") == {}


def test_what_is_kept_is_told_by_its_name(forgotten, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(module, "FILE", tmp_path / "kept.json")
    module.FILE.write_text('{"costs": {"a": 1}}')
    assert (kept("costs"), kept("quantiles")) == ({"a": 1}, {})
