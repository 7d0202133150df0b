import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from made_ranges import made_network, made_ranges

from seviz.reference import ranges as module
from seviz.reference.ranges import ranges_file, shipped_ranges
from seviz.zoo.catalogue import find

BLOCK = made_ranges("SE_2_1", 0.25, 0.5)


@pytest.fixture
def shipped(monkeypatch, tmp_path: Path):
    """Let the embedded network's ranges be those that a test writes, of some weights."""
    embedded = replace(find("embedded"), statistics=tmp_path / "a.profile.safetensors")
    monkeypatch.setattr(module, "find", lambda key: embedded)

    def write(weights: str | None) -> None:
        found = replace(made_network(BLOCK), weights=weights)
        (tmp_path / "a.ranges.json").write_text(json.dumps({"ranges": {"found": asdict(found)}}))

    return write


def test_ranges_are_read_as_they_were_written(shipped):
    assert shipped_ranges("embedded") == {}  # before they are made
    module._read.cache_clear()
    shipped(find("embedded").digest)
    assert shipped_ranges("embedded") == {"SE_2_1": BLOCK}


def test_ranges_of_other_weights_are_none_of_this_network(shipped):
    shipped("0" * 64)
    assert shipped_ranges("embedded") == {}


def test_a_network_without_statistics_has_none():
    assert shipped_ranges("twin") == {}
    assert ranges_file(Path("a/b.profile.safetensors")) == Path("a/b.ranges.json")


def test_the_embedded_network_has_its_own():
    found = shipped_ranges("embedded")
    assert list(found)[:2] == ["SE_2_1", "SE_2_2"]
    assert len(found) == 16
    assert all(block.s[0] >= 0 and block.s[-1] <= 1 for block in found.values())
