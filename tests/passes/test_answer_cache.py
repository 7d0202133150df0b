from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.limits import CACHE
from seviz.passes.answer_cache import OVERHEAD, VISITOR, AnswerCache, not_kept
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.records.arms import INTACT, Arm


class Network:
    """A network that counts how often it is asked."""

    def __init__(
        self, digest: str | None = "of weights", twin: str | None = None, key: str = "key"
    ) -> None:
        self.key, self.identity, self.digest, self.asked = key, "network", digest, 0
        self.twin = None if twin is None else SimpleNamespace(digest=twin)

    def answer(self) -> list[int]:
        self.asked += 1
        return [self.asked]


@pytest.fixture(autouse=True)
def _visitor() -> Iterator[None]:
    before = VISITOR.set("a page")
    yield
    VISITOR.reset(before)


@pytest.fixture
def cache() -> AnswerCache:
    return AnswerCache()


def ask(cache: AnswerCache, network: Network, *question: object) -> list[int]:
    return cache.answer(network.answer, network, *question)


def test_an_identical_question_is_answered_alike_and_not_computed_again(cache, photo):
    network = Network()
    arms = [Arm("intact"), INTACT]
    first = ask(cache, network, photo, arms, {"s": np.arange(3)})
    again = ask(cache, network, photo.copy(), [INTACT, INTACT], {"s": np.arange(3)})
    assert (first, again, network.asked) == ([1], [1], 1)
    assert first is not again
    first.append(9)
    again.append(8)
    assert ask(cache, network, photo, arms, {"s": np.arange(3)}) == [1]


@pytest.mark.parametrize(
    "other",
    [
        lambda photo: (photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT), [INTACT]),
        lambda photo: (photo.convert("L"), [INTACT]),
        lambda photo: (photo, [Arm("other")]),
        lambda photo: (photo, [INTACT], 1),
    ],
)
def test_another_question_is_computed(cache, photo, other):
    network = Network()
    ask(cache, network, photo, [INTACT])
    assert ask(cache, network, *other(photo)) == [2]


def test_a_photograph_that_was_changed_after_its_file_was_read_is_another(cache, picture):
    network, read = Network(), read_file(picture)
    ask(cache, network, read)
    changed = read.copy()
    changed.putpixel((0, 0), (1, 2, 3))
    assert changed.info == read.info
    assert ask(cache, network, changed) == [2]


def test_answers_are_of_one_visitor_and_of_examples_of_all(cache, picture):
    network, upload, example = Network(), read_file(picture), read_file(EXAMPLES[0].path)
    ask(cache, network, upload)
    ask(cache, network, example)
    ask(cache, network, example, upload)
    VISITOR.set("another page")
    assert ask(cache, network, upload) == [4]
    assert ask(cache, network, example) == [2]
    assert ask(cache, network, example, upload) == [5]


def test_other_weights_give_other_answers(cache, photo):
    answers = [ask(cache, Network(digest), photo) for digest in ("one", "two", "one")]
    assert answers == [[1], [1], [1]]
    other_key = Network("one", key="of another visitor's upload of the same file")
    ask(cache, other_key, photo)
    assert other_key.asked == 1
    network = Network("one")
    ask(cache, network, photo)
    assert network.asked == 0
    ask(cache, Network("one", twin="a"), photo)
    other_twin = Network("one", twin="b")
    ask(cache, other_twin, photo)
    assert other_twin.asked == 1


def test_nothing_is_kept_for_nobody_or_of_weights_without_a_file(cache, photo):
    network = Network(digest=None)
    ask(cache, network, photo)
    VISITOR.set(None)
    ask(cache, Network(), photo)
    assert cache.bytes == 0
    assert ask(cache, network, photo) == [2]


def test_refusals_and_what_has_no_hash_are_not_kept(cache, photo):
    network = Network()
    refused = UserError("No.")
    assert cache.answer(lambda: refused, network, photo) is refused
    assert ask(cache, network, lambda: None) == [1]
    assert cache.bytes == 0


def test_it_holds_so_many_bytes_the_oldest_go_first(cache, monkeypatch):
    monkeypatch.setenv(CACHE.variable, "1")
    network = Network()

    def compute(size: int, name: str) -> int:
        return len(cache.answer(lambda: network.answer() and bytes(size), network, name))

    for name in "abcd":
        compute(240_000, name)
    compute(240_000, "a")
    assert network.asked == 4
    compute(240_000, "e")
    compute(240_000, "a")
    assert (network.asked, cache.bytes <= 1_000_000) == (5, True)
    compute(240_000, "b")
    assert network.asked == 6
    before = cache.bytes
    compute(250_001 - OVERHEAD, "too large")
    assert cache.bytes == before


def test_the_answers_of_some_tasks_are_never_kept(cache, photo):
    @not_kept
    def task() -> None:
        """Ask about a visitor's own photographs."""

    network = Network()
    assert [ask(cache, network, task, photo) for _ in range(2)] == [[1], [2]]
    assert cache.bytes == 0
