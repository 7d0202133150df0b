"""Long work of a page: each in its own thread, followed by a watch, and stopped at once.

A handler that is a generator starts the work, yields its progress, and takes its result:

    work = works.start(session, "explain", lambda watch: ask(task, key, …, watch=watch))
    for share in work.shares():
        yield {progress: …}
    result = work.result()
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from seviz.watch import Watch

R = TypeVar("R")

TICK = 0.15  # seconds between two looks at the watch
TELLING = 16  # rows: what passes fewer says nothing of how long more would take


class Work(Generic[R]):
    """One piece of work that has been started.

    unwanted: other work took its place, so that people need not see its result or error.
    """

    def __init__(self, task: Callable[[Watch], R]) -> None:
        """Start a task that takes the watch by which it is followed."""
        self._watch, self.unwanted, self._began = Watch(), False, time.perf_counter()
        pool = ThreadPoolExecutor(1)
        # A Space tells by the context who asks.
        self._future: Future[R] = pool.submit(copy_context().run, task, self._watch)
        pool.shutdown(wait=False)

    @property
    def seconds(self) -> float:
        """Return how long the work has been running."""
        return time.perf_counter() - self._began

    def shares(self) -> Iterator[float]:
        """Yield the share of the work that is done, 0 to 1, every TICK until it has ended.

        A generator that is closed early, as by a closed page, stops the work.
        """
        try:
            while wait([self._future], TICK).not_done:
                yield self._watch.share
        finally:
            if not self._future.done():
                self.stop()
            self._watch.close()

    def result(self) -> R:
        """Return what the task returned or raise what it raised: Stopped, where it was stopped."""
        return self._future.result()

    def stop(self) -> None:
        """Ask the work to stop."""
        self._watch.stop()

    def give_way(self) -> None:
        """Stop for other work of its kind."""
        self.unwanted = True
        self.stop()


class Works:
    """The work of all pages, by session and kind; of each kind a page has one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_session: dict[str, dict[str, Work[Any]]] = {}

    def start(self, session: str, kind: str, task: Callable[[Watch], R]) -> Work[R]:
        """Start work of a kind; it replaces work of that kind that still runs."""
        with self._lock:
            mine = self._by_session.setdefault(session, {})
            if before := mine.get(kind):
                before.give_way()
            work = mine[kind] = Work(task)
        return work

    def ended(self, session: str, work: Work[Any]) -> None:
        """Forget work that has ended."""
        with self._lock:
            left = {k: w for k, w in self._by_session.get(session, {}).items() if w is not work}
            self._by_session[session] = left
            if not left:
                del self._by_session[session]

    def stop(self, session: str, kind: str) -> None:
        """Stop a page's work of a kind, as its button does."""
        with self._lock:
            if work := self._by_session.get(session, {}).get(kind):
                work.stop()

    def leave(self, session: str, *kinds: str) -> None:
        """Stop a page's work of these kinds, or of all kinds, as nobody waits for it any more."""
        with self._lock:
            for kind, work in self._by_session.get(session, {}).items():
                if not kinds or kind in kinds:
                    work.give_way()

    def __len__(self) -> int:
        """Count the pages with running work."""
        return len(self._by_session)


class Estimates:
    """How long work will take, by how long work of the same kind took before, for any page."""

    def __init__(self) -> None:
        self._seconds_a_row: dict[tuple[str, str], float] = {}

    def learn(self, network: str, kind: str, rows: int, *, seconds: float) -> None:
        """Remember how long a pass of so many rows took."""
        if rows >= TELLING:
            self._seconds_a_row[network, kind] = seconds / rows

    def seconds(self, network: str, kind: str, rows: int) -> float | None:
        """Estimate the seconds for so many rows; None before anything is known of the network.

        Where this kind of work is not known yet, it is taken to be as slow as the slowest that is.
        """
        known = {k: s for (key, k), s in self._seconds_a_row.items() if key == network}
        if not known:
            return None
        return rows * known.get(kind, max(known.values()))
