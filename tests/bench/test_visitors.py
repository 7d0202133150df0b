import asyncio
import os

import httpx
import pytest

from seviz.bench import visitors
from seviz.bench.served import Served
from seviz.bench.visitors import ERROR, REFUSED, Asked, Client, Visit
from seviz.errors import UserError


@pytest.fixture(scope="module")
def served(app_url: str) -> Served:
    return Served(app_url, os.getpid())


def test_photographs_differ_and_are_the_same_each_time():
    made = visitors.photographs(3)
    assert len(set(made)) == 3
    assert made == visitors.photographs(3)


def test_visitors_at_once_get_what_one_alone_gets(served: Served, monkeypatch):
    monkeypatch.setattr(visitors, "PHOTOS", 2)
    alone, seconds = asyncio.run(visitors.in_turn(served))
    right = {(one.task, one.photo): one.answer for visit in alone for one in visit.asked}
    assert {task for task, _ in right} == {"trace", "compare", "channels", "necessity"}
    assert right["trace", 0]["model"] == "embedded"
    assert right["trace", 0] != right["trace", 1]
    visits, took, memory = asyncio.run(visitors.watched(served, 3, 2))
    found = visitors.load(visits, took, right=right, serial=8 / seconds, memory=memory)
    assert (found.visitors, found.questions) == (3, 6)
    assert (found.errors, found.refused, found.wrong) == (0, 0, 0)
    assert set(found.p95) == {"trace", "compare"}
    assert all(0 < visit.asked[0].seconds < visit.first for visit in visits)


def test_what_is_no_answer_is_counted_as_what_it_is(served: Served, monkeypatch):
    monkeypatch.setattr(visitors, "questions", lambda photo: [("trace", ["no such network"])] * 2)
    (visit,) = asyncio.run(visitors.at_once(served, 1, 1))
    assert (visit.asked[0].answer, visit.asked[0].fault) == (None, ERROR)
    monkeypatch.setenv("SEVIZ_MAX_WAITING", "0")
    (visit,) = asyncio.run(visitors.at_once(served, 1, 1))
    assert visit.asked[0].fault == REFUSED


def test_visits_are_summed_up():
    def asked(task: str, seconds: float, answer: object = 1.0, fault: str = "") -> Asked:
        return Asked(task, 0, seconds, answer, fault)

    visits = [
        Visit(3.0, [asked("trace", 1.0), asked("compare", 2.0, 1.001)]),
        Visit(5.0, [asked("trace", 3.0, 1.00001), asked("compare", 9.0, None, ERROR)]),
        Visit(4.0, [asked("trace", 2.0), asked("compare", 9.0, None, REFUSED)]),
    ]
    right = {("trace", 0): 1.0, ("compare", 0): 1.0}
    found = visitors.load(visits, 8.0, right=right, serial=0.25, memory=[100.0, 300.0, 200.0])
    assert (found.errors, found.refused, found.wrong) == (1, 1, 1)
    assert (found.rate, found.against_serial) == (0.5, 2.0)
    assert found.first == (4.0, 5.0)
    assert found.p50 == {"trace": 2.0, "compare": 2.0}
    assert found.p95 == {"trace": 3.0, "compare": 2.0}
    assert (found.before, found.peak, found.after) == (100.0, 300.0, 200.0)
    assert visitors.load(visits, 8.0, right=right, serial=0.25).peak is None


def test_visitors_whom_nobody_answers_have_errors_and_no_times(monkeypatch):
    async def gone(self, file: bytes) -> None:
        raise httpx.ReadError("gone")

    async def page(self, path: str) -> httpx.Response:
        return httpx.Response(200, request=httpx.Request("GET", "http://here"))

    monkeypatch.setattr(Client, "_upload", gone)
    monkeypatch.setattr(httpx.AsyncClient, "get", page)
    client = Client(httpx.AsyncClient(), {}, "a")
    visit = asyncio.run(client.visit(0, [b"a", b"b"], 2))
    assert [one.fault for one in visit.asked] == [ERROR, ERROR]
    found = visitors.load([visit], 1.0, right={}, serial=1.0)
    assert (found.errors, found.rate, found.first, found.p50) == (2, 0.0, (0.0, 0.0), {})


@pytest.mark.parametrize(
    ("other", "close"),
    [
        ({"a": [1.0, "x"], "n": None}, True),
        ({"a": [1.00005, "x"], "n": None}, True),
        ({"a": [1.001, "x"], "n": None}, False),
        ({"a": [1.0, "y"], "n": None}, False),
        ({"a": [1.0], "n": None}, False),
        ({"a": [1.0, "x"]}, False),
        ([1.0, "x"], False),
    ],
)
def test_answers_are_the_same_but_for_noise(other: object, close: bool):
    assert visitors.is_close({"a": [1.0, "x"], "n": None}, other) is close


@pytest.fixture
def in_memory(monkeypatch, served: Served) -> list[int]:
    """Serve nothing anew; collect how many visitors came."""
    came: list[int] = []

    class Already:
        def __enter__(self) -> Served:
            return served

        def __exit__(self, *_: object) -> None:
            return None

    async def watched(app: Served, count: int, each: int) -> tuple[list[Visit], float, list[float]]:
        came.append(count)
        return [Visit(1.0, [Asked("trace", 0, 1.0, 7.0, "")])] * count, 2.0, []

    monkeypatch.setattr(visitors, "serve", Already)
    monkeypatch.setattr(visitors, "watched", watched)
    return came


def test_each_number_of_visitors_comes_in_its_turn(in_memory: list[int], monkeypatch):
    async def in_turn(app: Served) -> tuple[list[Visit], float]:
        return [Visit(1.0, [Asked("trace", 0, 1.0, 7.0, "")])], 4.0

    monkeypatch.setattr(visitors, "in_turn", in_turn)
    found = list(visitors.loads([1, 3]))
    assert in_memory == [1, 3]
    assert [load.against_serial for load in found] == [2.0, 6.0]
    assert [load.wrong for load in found] == [0, 0]


def test_an_app_that_answers_nobody_is_told(in_memory: list[int], monkeypatch):
    async def in_turn(app: Served) -> tuple[list[Visit], float]:
        return [Visit(1.0, [Asked("trace", 0, 1.0, None, ERROR)])], 4.0

    monkeypatch.setattr(visitors, "in_turn", in_turn)
    with pytest.raises(UserError, match="/trace"):
        list(visitors.loads([1]))


@pytest.mark.parametrize(("counts", "each"), [([0], 4), ([1, 10**6], 4), ([1], 0), ([1], 5)])
def test_loads_are_bounded(counts: list[int], each: int):
    with pytest.raises(UserError, match=r"from 1 to 500|1 to 4 questions"):
        list(visitors.loads(counts, each))
