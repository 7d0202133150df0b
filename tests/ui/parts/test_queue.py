import asyncio
from types import SimpleNamespace

import gradio as gr
import pytest
from fastapi import HTTPException
from gradio.data_classes import PredictBodyInternal

from seviz.limits import PAGE_PLACES, PLACES, WAITING
from seviz.ui.parts import queue
from seviz.ui.parts.queue import FairQueue


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(queue, "time", made)
    return made


class House:
    """An app with a queue that nobody works off but the test."""

    def __init__(self) -> None:
        with gr.Blocks() as self.demo:
            gr.api(lambda: "", api_name="quick", concurrency_limit=None)
            gr.api(lambda: "", api_name="dear", concurrency_limit=None)
            button = gr.Button()
            button.click(lambda: None, api_visibility="private")
            button.click(lambda: None, api_visibility="private", concurrency_limit=1)
        self.queue = self.demo._queue = FairQueue(self.demo)
        self.queue.active_jobs = [None] * 40
        self.names = dict(zip(("quick", "dear", "page", "in order"), self.demo.fns, strict=True))

    def join(self, who: str, task: str = "quick", session: str = "") -> None:
        """Let a client of an address ask; session: by default one of its own."""
        request = SimpleNamespace(client=SimpleNamespace(host=who), headers={})
        body = PredictBodyInternal(
            session_hash=session or who, fn_index=self.names[task], data=[], request=None
        )
        asyncio.run(self.queue.push(body, request, None))

    def serve(self) -> str | None:
        """Start what is next; return the session that it is of, None where nothing may start."""
        found = self.queue.get_events()
        if found is None:
            return None
        (event,), *_ = found
        self.queue.active_jobs[self.queue.active_jobs.index(None)] = [event]
        return event.session_hash

    def end(self) -> None:
        """End everything that runs."""
        self.queue.active_jobs = [None] * 40

    def order(self) -> list[str]:
        """Work the queue off, one question at a time; return whose they were."""
        served = []
        while (who := self.serve()) is not None:
            served.append(who)
            self.end()
        return served

    def takes(self, task: str, seconds: float) -> None:
        self.queue.process_time_per_fn[self.demo.fns[self.names[task]]].add(seconds)

    def news(self, session: str) -> list[tuple[int, int]]:
        """Return the places that a session was told: rank and length of its line."""
        waiting = self.queue.pending_messages_per_session[session]
        told = [waiting.get_nowait() for _ in range(waiting.qsize())]
        return [(message.rank, message.queue_size) for message in told]


@pytest.fixture
def house() -> House:
    return House()


def test_the_second_question_of_one_waits_behind_the_first_ones_of_others(house: House):
    for who in ("8.8.8.1", "8.8.8.1", "8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.3"):
        house.join(who)
    assert [int(who[-1]) for who in house.order()] == [1, 2, 3, 1, 3, 1]


def test_who_comes_late_is_served_next_but_no_earlier_than_who_is_served_now(house: House):
    for _ in range(4):
        house.join("8.8.8.1")
    assert house.serve() == "8.8.8.1"
    house.end()
    assert house.serve() == "8.8.8.1"
    house.end()
    house.join("8.8.8.2")
    assert [int(who[-1]) for who in house.order()] == [2, 1, 1]


def test_an_address_has_one_turn_under_whatever_names(house: House):
    for i in range(5):
        house.join("8.8.8.1", session=f"made up {i}")
    house.join("8.8.8.2")
    assert house.order()[:2] == ["made up 0", "8.8.8.2"]


def test_pages_of_this_machine_are_visitors_of_their_own(house: House):
    for name in "aab":
        house.join("127.0.0.1", session=name)
    assert house.order() == ["a", "b", "a"]


def test_as_many_run_at_a_time_as_there_are_places_and_the_page_has_its_own(house: House):
    for i in range(queue.AT_ONCE + 1):
        house.join(f"8.8.8.{i}")
    house.join("8.8.9.1", "page")
    served = [house.serve() for _ in range(queue.AT_ONCE + 2)]
    assert served.count(None) == 1
    assert "8.8.9.1" in served


def test_short_questions_do_not_wait_for_long_ones(house: House):
    house.takes("dear", queue.LONG)
    house.takes("quick", 0.1)
    for i in range(9):
        house.join(f"8.8.8.{i}", "dear")
    house.join("8.8.9.1")
    served = [house.serve() for _ in range(queue.LONG_AT_ONCE + 2)]
    assert served[0] == "8.8.9.1"
    assert None not in served[1:-1]
    assert served[-1] is None


def test_what_takes_longer_than_expected_gives_up_its_place(house: House, clock: Clock):
    for i in range(queue.AT_ONCE + 1):
        house.join(f"8.8.8.{i}")
    for _ in range(queue.AT_ONCE):
        assert house.serve()
    assert house.serve() is None
    clock.now += queue.LONG
    assert house.serve() == f"8.8.8.{queue.AT_ONCE}"


def test_so_many_that_take_longer_are_not_pardoned(house: House, clock: Clock):
    for i in range(queue.AT_ONCE + queue.PARDONED + 1):
        house.join(f"8.8.8.{i}")
    for _ in range(queue.AT_ONCE + queue.PARDONED):
        assert house.serve()
        clock.now += queue.LONG
    assert house.serve() is None


def test_events_that_keep_their_order_wait_for_those_of_the_same_page_alone(house: House):
    for who in ("8.8.8.1", "8.8.8.1", "8.8.8.2"):
        house.join(who, "in order")
    assert house.serve() == "8.8.8.1"
    assert house.serve() == "8.8.8.2"
    assert house.serve() is None
    house.end()
    assert house.serve() == "8.8.8.1"


def test_a_client_has_places_in_the_line_of_the_api_and_in_that_of_the_page(
    house: House, monkeypatch
):
    monkeypatch.setenv(PLACES.variable, "2")
    monkeypatch.setenv(PAGE_PLACES.variable, "3")
    for i in range(2):
        house.join("8.8.8.1", session=f"made up {i}")
    with pytest.raises(HTTPException) as refused:
        house.join("8.8.8.1", session="made up 3")
    assert refused.value.status_code == 429
    assert refused.value.detail.startswith("At most 2 questions of one client may wait")
    for _ in range(3):
        house.join("8.8.8.1", "page")
    with pytest.raises(HTTPException, match="At most 3 events of one client"):
        house.join("8.8.8.1", "page")
    house.join("8.8.8.2")
    while house.serve():
        house.end()
    house.join("8.8.8.1")


def test_the_queue_has_an_end(house: House, monkeypatch):
    monkeypatch.setenv(WAITING.variable, "2")
    for i in range(2):
        house.join(f"8.8.8.{i}")
    with pytest.raises(HTTPException, match="At most 2 questions of all"):
        house.join("8.8.8.9")


def test_who_left_has_no_place(house: House):
    for who in ("8.8.8.1", "8.8.8.2"):
        house.join(who)
    asyncio.run(house.queue.clean_events(session_hash="8.8.8.1"))
    assert house.order() == ["8.8.8.2"]


def test_places_are_told_in_the_order_of_service(house: House):
    for who in ("8.8.8.1", "8.8.8.1", "8.8.8.2"):
        house.join(who)
    assert house.news("8.8.8.1") == [(0, 1), (1, 2)]
    assert house.news("8.8.8.2") == [(1, 3)]  # before the second one of who came first


def test_all_who_wait_are_told_again_and_again(house: House, monkeypatch):
    monkeypatch.setattr(house.queue, "update_intervals", 0.001)
    house.takes("quick", 0.4)
    for who in ("8.8.8.1", "8.8.8.2"):
        house.join(who)
        house.news(who)

    async def listen() -> float:
        telling = asyncio.create_task(house.queue.notify_clients())
        first = await house.queue.pending_messages_per_session["8.8.8.2"].get()
        house.queue.stopped = True
        await telling
        return first.rank_eta

    assert asyncio.run(listen()) == pytest.approx(0.4 / queue.AT_ONCE + 0.4)


def test_how_long_a_function_takes_is_told_by_its_last_runs_not_by_the_first():
    taken = queue.RecentTime()
    for seconds in (60.0, 0.2, 0.3):
        taken.add(seconds)
    assert taken.avg_time == 0.3
    for _ in range(queue.RECENT):
        taken.add(5.0)
    assert taken.avg_time == 5.0


def test_no_statistics_are_made_of_each_question(house: House):
    house.join("8.8.8.1")
    assert house.queue.compute_analytics_summary([]) == {"functions": {}}


def test_what_is_no_event_is_left_to_gradio(house: House):
    body = PredictBodyInternal(session_hash="a", fn_index=10**6, data=[], request=None)
    with pytest.raises(KeyError):
        asyncio.run(house.queue.push(body, SimpleNamespace(client=None, headers={}), None))


def test_memory_is_given_back_once_nobody_asks(house: House, monkeypatch):
    given: list[int] = []
    monkeypatch.setattr(queue, "give_back", lambda: given.append(house.queue.stopped))
    monkeypatch.setattr(house.queue, "update_intervals", 0.001)
    house.join("8.8.8.1")
    (event,), *_ = house.queue.get_events()
    house.queue.active_jobs[0] = [event]
    event.alive = False  # who asked has left, so that nothing has to be answered

    async def run() -> None:
        telling = asyncio.create_task(house.queue.notify_clients())
        await asyncio.sleep(0.01)
        assert given == []
        house.queue.set_server_app(SimpleNamespace(get_blocks=lambda: house.demo, iterators={}))
        house.demo._drop_run_streams = lambda *of: None
        await house.queue.process_events([event], False, 0.0, event.fn)
        while not given:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        house.queue.stopped = True
        await telling

    asyncio.run(run())
    assert len(given) == 1
