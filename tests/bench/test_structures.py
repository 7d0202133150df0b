import json

import pytest
from odd_blocks import Functional, Normed, network

from seviz.bench import structures
from seviz.bench.structures import compare, compare_all, read
from seviz.gates.kinds import NAMES, Names


@pytest.mark.parametrize(
    ("name", "by_class", "relatives"),
    [("legacy_seresnet18", 8, 0), ("ecaresnet26t", 0, 8), ("torchvision/mobilenet_v3_small", 9, 0)],
)
def test_both_ways_find_the_same_in_timms_and_torchvisions_networks(name, by_class, relatives):
    found = compare(name)
    assert (found.by_class, found.relatives, found.left_out) == (by_class, relatives, "")
    assert found.missed == found.others == found.unclear == ()


def test_a_block_that_only_one_way_finds_is_listed(monkeypatch):
    monkeypatch.setattr(structures, "make", lambda *_, **__: network(Functional, Normed))
    monkeypatch.setitem(NAMES, Normed, Names("a", (), "b", "g"))
    assert compare("mine").others == ("layer1.0",)
    monkeypatch.setattr(structures, "find_blocks", lambda _: [])
    found = compare("mine")
    assert (found.by_class, found.missed, found.others) == (1, ("layer1.1",), ())


def test_a_run_goes_on_where_it_was(tmp_path, monkeypatch):
    state = tmp_path / "state.jsonl"
    tried = []
    monkeypatch.setattr(
        structures, "compare", lambda name: tried.append(name) or structures.Comparison(name)
    )
    assert [found.name for found in compare_all(["a", "b"], state)] == ["a", "b"]
    assert [found.name for found in compare_all(["a", "b", "c"], state)] == ["c"]
    assert tried == ["a", "b", "c"]
    assert json.loads(state.read_text().splitlines()[0])["missed"] == []
    assert read(state)[0] == structures.Comparison("a")


def test_large_networks_are_left_out():
    assert compare("seresnet152").left_out == "more than 60 M parameters"
