"""The queue of questions: fair between visitors, short ones not behind long ones.

Gradio's own lets four of each function run at a time, first come, first served, and refuses
everybody once one visitor has filled it. Here

- the page and the API have a line each, and so have questions that are long by experience; a
  question that takes longer than it should gives up its place in the line of the short ones;
- each line serves one client after the other (start-time fair queueing): a question's turn is
  one after its client's last, and at least the one that is being served;
- a client has a number of places to wait in, and only so many questions as there are cores run at
  a time: more share the cores, and everybody's answer comes later;
- of functions whose events have to keep their order (`concurrency_limit`), each visitor's do.
"""

import asyncio
import math
import os
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

import gradio as gr
from anyio.to_thread import run_sync
from fastapi import HTTPException, Request
from gradio.block_function import BlockFunction
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, EventQueue, ProcessTime, Queue
from gradio.server_messages import EstimationMessage

from seviz.errors import UserError
from seviz.limits import PAGE_PLACES, PLACES, WAITING, Limit
from seviz.passes.answer_cache import VISITOR
from seviz.ui.parts.client import client_of
from seviz.ui.parts.memory import give_back

CORES = min(os.cpu_count() or 1, 8)
AT_ONCE = CORES  # short questions of a line that run at a time
EACH = 4  # of a function, for one visitor
LONG_AT_ONCE = max(1, CORES // 2)
SHORT, LONG = 0.5, 2.0  # seconds: of a question without any record, and of a long one
PARDONED = 2 * CORES  # questions that may run for longer and hold no place of the short ones
RECENT = 15  # runs of a function from which its next one's seconds are estimated
NEWS = 1.0  # seconds between two estimates that a client gets, at least
NEWS_A_SECOND = 50  # estimates that are sent at most, as each takes time from the answers
LOOK = 0.005  # seconds between two looks for what may run next
PROGRESS = 0.05  # seconds between two looks for progress to be told
TOO_MANY_REQUESTS = 429


class Line(NamedTuple):
    """What waits together. public: the API's, else the page's; long: long by experience."""

    public: bool
    long: bool


@dataclass(frozen=True, order=True)
class Turn:
    """When a question is served: by number, and of one number those who came first."""

    number: int
    came: float


@dataclass(frozen=True)
class Waiting:
    """A question that waits: its client, line and turn."""

    event: Event
    client: str
    line: Line
    turn: Turn


class RecentTime(ProcessTime):  # type: ignore[misc]
    """How long a function takes: the median of its last runs, as the first loads a network."""

    def __init__(self) -> None:
        super().__init__()
        self._recent: deque[float] = deque(maxlen=RECENT)

    def add(self, time: float) -> None:
        """Count a run of some seconds."""
        self._recent.append(time)
        self.avg_time = median(self._recent)


class FairQueue(Queue):  # type: ignore[misc]
    """Gradio's queue with another order, other places and less work for each question."""

    def __init__(self, blocks: gr.Blocks) -> None:
        """Make the queue of an app."""
        super().__init__(
            live_updates=False,  # each start would send an estimate to everybody who waits
            concurrency_count=blocks.max_threads,
            update_intervals=NEWS,
            max_size=None,
            blocks=blocks,
            default_concurrency_limit=EACH,
        )
        self.sleep_when_free = LOOK
        self.progress_update_sleep_when_free = PROGRESS
        self.ANALYTICS_MAX_EVENTS = 1
        self.process_time_per_fn: defaultdict[BlockFunction, RecentTime] = defaultdict(RecentTime)
        self._waiting: dict[str, Waiting] = {}  # by the event's id
        self._last: dict[tuple[str, Line], int] = {}  # turn that a client has got
        self._served: Counter[Line] = Counter()  # the turn that was served last
        self._started: dict[str, float] = {}  # by the ids of the events that run
        self._untidy = False  # questions have left free memory behind
        self._known_as_long: set[str] = set()  # ids of those that waited as long ones

    async def push(
        self, body: PredictBodyInternal, request: Request, username: str | None
    ) -> tuple[bool, Any, Any]:
        """Let a question wait; HTTP 429 with a sentence where its client has no place left."""
        try:
            self._check_places(body, request)
        except UserError as error:
            raise HTTPException(TOO_MANY_REQUESTS, str(error)) from error
        return await super().push(body, request, username)  # type: ignore[no-any-return]

    def get_events(self) -> tuple[list[Event], bool, str] | None:
        """Take the question that is next, if there is a place for one."""
        running = [event for job in self.active_jobs if job for event in job]
        free = list(self._with_places(running))
        if not free or not len(self):
            return None
        self._line_up()
        busy = Counter((event.session_hash, event.concurrency_id) for event in running)
        for line in free:
            for next_one in self._in_order(line):
                event = next_one.event
                limit = self._queue_of(event).concurrency_limit or math.inf
                if busy[event.session_hash, event.concurrency_id] < limit:
                    self._serve(next_one)
                    return [event], False, event.concurrency_id
        return None

    async def process_events(self, events: list[Event], *of_them: Any) -> None:
        """Run a question, whose answers are kept for its page."""
        VISITOR.set(events[0].session_hash)
        self._untidy = True
        await super().process_events(events, *of_them)

    def broadcast_estimations(self, concurrency_id: str, after: int | None = None) -> None:
        """Tell a question that has just come (it is the last of its own) its place in the line."""
        self._line_up()
        queue = self.event_queue_per_concurrency_id[concurrency_id].queue
        if after is not None and queue:
            newest = queue[-1]
            self._tell_line(self._waiting[newest._id].line, only=newest)

    async def notify_clients(self) -> None:
        """Tell everybody who waits their place, now and then; tidy up when nobody asks."""
        while not self.stopped:
            await asyncio.sleep(max(self.update_intervals, len(self._waiting) / NEWS_A_SECOND))
            self._line_up()
            for line in {waiting.line for waiting in self._waiting.values()}:
                self._tell_line(line)
            if self._untidy and not self.get_active_worker_count():
                self._untidy = False
                await run_sync(give_back)

    def compute_analytics_summary(self, records: Any) -> dict[str, Any]:
        """Return nothing: nobody reads these statistics, which pandas makes after each question."""
        del records
        return {"functions": {}}

    def _check_places(self, body: PredictBodyInternal, request: Request) -> None:
        self._line_up()
        WAITING.check(len(self._waiting) + 1)
        fn = self.blocks.fns.get(body.fn_index)
        if fn is None:  # told by Gradio
            return
        client, public = client_of(request, body.session_hash), _is_public(fn)
        held = sum(w.client == client and w.line.public == public for w in self._waiting.values())
        limit: Limit = PLACES if public else PAGE_PLACES
        limit.check(held + 1)

    def _line_up(self) -> None:
        """Give those who have come a turn, and forget those who have left."""
        present = {
            event._id: event
            for queue in self.event_queue_per_concurrency_id.values()
            for event in queue.queue
        }
        for gone in self._waiting.keys() - present.keys():
            del self._waiting[gone]
        for known, event in present.items():
            if known not in self._waiting:
                self._waiting[known] = self._with_turn(event)

    def _with_turn(self, event: Event) -> Waiting:
        client = client_of(event.request, event.session_hash)
        line = Line(_is_public(event.fn), self._expected(event) >= LONG)
        number = max(self._served[line], self._last.get((client, line), -1) + 1)
        self._last[client, line] = number
        if len(self._last) > WAITING.value:  # those of the past say nothing any more
            self._last = {k: n for k, n in self._last.items() if n >= self._served[k[1]]}
        return Waiting(event, client, line, Turn(number, event.enqueue_time))

    def _with_places(self, running: list[Event]) -> Iterator[Line]:
        """Yield the lines whose next question may run now; the short ones first."""
        now = time.monotonic()
        self._started = {event._id: self._started.get(event._id, now) for event in running}
        self._known_as_long &= self._started.keys()
        long_ids = {key for key, start in self._started.items() if now - start >= LONG}
        for long in (False, True):
            for public in (False, True):
                same = [event for event in running if _is_public(event.fn) == public]
                slow = [e for e in same if e._id in long_ids or e._id in self._known_as_long]
                held = len(slow) if long else len(same) - min(len(slow), PARDONED)
                if held < (LONG_AT_ONCE if long else AT_ONCE):
                    yield Line(public, long)

    def _in_order(self, line: Line) -> list[Waiting]:
        return sorted((w for w in self._waiting.values() if w.line == line), key=lambda w: w.turn)

    def _serve(self, next_one: Waiting) -> None:
        event, line = next_one.event, next_one.line
        self._queue_of(event).queue.remove(event)
        del self._waiting[event._id]
        self._served[line] = max(self._served[line], next_one.turn.number)
        self._started[event._id] = time.monotonic()
        if line.long:
            self._known_as_long.add(event._id)

    def _queue_of(self, event: Event) -> EventQueue:
        return self.event_queue_per_concurrency_id[event.concurrency_id]

    def _expected(self, event: Event) -> float:
        """Return about how many seconds a question will take; SHORT where there was none yet."""
        known = self.process_time_per_fn.get(event.fn)
        return float(known.avg_time) if known else SHORT

    def _tell_line(self, line: Line, only: Event | None = None) -> None:
        """Tell the questions of a line, or one of them, their places and the time that is left."""
        ordered, ahead = self._in_order(line), 0.0
        at_once = LONG_AT_ONCE if line.long else AT_ONCE
        for rank, waiting in enumerate(ordered):
            own = self._expected(waiting.event)
            if only in (None, waiting.event):
                eta = ahead / at_once + own
                news = EstimationMessage(rank=rank, rank_eta=eta, queue_size=len(ordered))
                self.send_message(waiting.event, news)
            ahead += own


def _is_public(fn: BlockFunction) -> bool:
    return bool(fn.api_visibility == "public")
