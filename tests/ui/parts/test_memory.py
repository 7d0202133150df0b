import ctypes

import pytest

from seviz.ui.parts import memory


@pytest.fixture
def library(monkeypatch) -> list[tuple]:
    """Stand in for a C library; collect its calls."""
    calls: list[tuple] = []

    class Library:
        def __init__(self, name: None) -> None:
            self.mallopt = lambda *given: calls.append(("mallopt", *given))
            self.malloc_trim = lambda *given: calls.append(("malloc_trim", *given))

    memory._function.cache_clear()
    monkeypatch.setattr(ctypes, "CDLL", Library)
    yield calls
    memory._function.cache_clear()


def test_threads_share_arenas_and_give_back_what_is_free(library: list[tuple]):
    memory.limit_arenas()
    memory.give_back()
    assert library == [("mallopt", -8, 2), ("malloc_trim", 0)]


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_other_systems_are_left_alone(library: list[tuple], monkeypatch, error: type[Exception]):
    def none(name: None) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.limit_arenas()
    memory.give_back()
    assert library == []


def test_a_library_without_these_functions_is_left_alone(library: list[tuple], monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    memory.limit_arenas()
    memory.give_back()
    assert library == []
