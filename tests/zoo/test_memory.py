import threading
from typing import NamedTuple

import pytest
import torch
from networks import awake

from seviz.zoo import catalogue, memory
from seviz.zoo.memory import Zoo
from seviz.zoo.models import prepare
from seviz.zoo.sources import wrap


class Stand(NamedTuple):
    """Stands for a network of some bytes."""

    key: str
    bytes: int = 10


@pytest.fixture
def counted(monkeypatch) -> list[str]:
    """Replace loading by a stand-in that records its calls."""
    calls: list[str] = []

    def load(key: str, *, plain: bool) -> Stand:
        calls.append(key)
        return Stand(key)

    monkeypatch.setattr(memory, "load", load)
    return calls


def test_the_least_recently_used_network_goes_when_their_bytes_are_too_many(counted: list[str]):
    a, b, c = catalogue.all_keys()[:3]
    kept = Zoo(max_bytes=20)
    for key in (a, b, a, c):
        kept.get(key)
    assert counted == [a, b, c]
    assert a in kept and b not in kept
    kept.get(a)  # used after b, so still there
    assert counted == [a, b, c]
    kept.get(b)
    assert counted == [a, b, c, b]


def test_a_network_that_is_larger_than_all_may_be_is_still_kept(counted: list[str]):
    kept = Zoo(max_bytes=1)
    assert kept.get("embedded") is kept.get("embedded")
    assert counted == ["embedded"]


def test_two_requests_for_one_network_at_a_time_load_it_once(monkeypatch):
    calls, inside, go_on = [], threading.Event(), threading.Event()

    def load(key: str, *, plain: bool) -> Stand:
        calls.append(key)
        inside.set()
        assert go_on.wait(10)
        return Stand(key)

    monkeypatch.setattr(memory, "load", load)
    shared, got = Zoo(), []
    threads = [threading.Thread(target=lambda: got.append(shared.get("embedded"))) for _ in "ab"]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert (calls, got) == (["embedded"], [Stand("embedded")] * 2)


def test_an_adopted_network_stays_until_it_is_released(monkeypatch):
    monkeypatch.setattr(catalogue, "_own", {})
    module = awake("seresnet18", num_classes=3).train()
    source = catalogue.add_own(wrap("adopted", module))
    loaded, zoo = prepare(source, model=module), Zoo(max_bytes=1)
    assert loaded.model is module
    zoo.adopt(loaded)
    assert zoo.get("embedded") and zoo.get(source.key) is loaded
    assert source.key in zoo
    moved = zoo.move(source.key, torch.device("cpu"))
    assert zoo.get(source.key) is moved and moved.model is module
    zoo.release(source)
    assert source.key not in zoo
    loaded.probe.remove()
