"""Long work of a page, in a thread of its own: a watch reports its progress and can stop it.

A handler that is a generator starts the work, yields its progress, and returns its result:

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

TICK = 0.15  # seconds between two shares of progress
ENOUGH = 16  # rows: the time of fewer says nothing of the time of more


class Work(Generic[R]):
    """One piece of work that has been started.

    unwanted: nobody waits for its result or error any more.
    """

    def __init__(self, task: Callable[[Watch], R]) -> None:
        """Start task(watch) in a thread; it reports its progress to the watch."""
        self._watch, self.unwanted, self._started = Watch(), False, time.perf_counter()
        pool = ThreadPoolExecutor(1)
        # ZeroGPU reads from the context which visitor the work is for.
        self._future: Future[R] = pool.submit(copy_context().run, task, self._watch)
        pool.shutdown(wait=False)

    @property
    def seconds(self) -> float:
        """Return the seconds since the work was started."""
        return time.perf_counter() - self._started

    def shares(self) -> Iterator[float]:
        """Yield the share of the work that is done, 0 to 1, every TICK until the work has ended.

        Closing the generator early, as a closed page does, stops the work.
        """
        try:
            while wait([self._future], TICK).not_done:
                yield self._watch.share
        finally:
            if not self._future.done():
                self.stop()
            self._watch.close()

    def result(self) -> R:
        """Return what the task returned, or raise what it raised: Stopped if it was stopped."""
        return self._future.result()

    def stop(self) -> None:
        """Ask the work to stop."""
        self._watch.stop()

    def discard(self) -> None:
        """Stop the work and mark it as unwanted."""
        self.unwanted = True
        self.stop()


class Works:
    """The running work of all pages, by session and kind: at most one of each kind per page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_session: dict[str, dict[str, Work[Any]]] = {}

    def start(self, session: str, kind: str, task: Callable[[Watch], R]) -> Work[R]:
        """Start work of a kind on a page, and discard its work of that kind that still runs."""
        with self._lock:
            by_kind = self._by_session.setdefault(session, {})
            if previous := by_kind.get(kind):
                previous.discard()
            work = by_kind[kind] = Work(task)
        return work

    def forget(self, session: str, work: Work[Any]) -> None:
        """Forget work that has ended."""
        with self._lock:
            remaining = {
                k: w for k, w in self._by_session.get(session, {}).items() if w is not work
            }
            self._by_session[session] = remaining
            if not remaining:
                del self._by_session[session]

    def stop(self, session: str, kind: str) -> None:
        """Stop a page's work of a kind; people still see its result or error."""
        with self._lock:
            if work := self._by_session.get(session, {}).get(kind):
                work.stop()

    def discard(self, session: str, *kinds: str) -> None:
        """Discard a page's work of these kinds, or of all kinds where none is named."""
        with self._lock:
            for kind, work in self._by_session.get(session, {}).items():
                if not kinds or kind in kinds:
                    work.discard()

    def __len__(self) -> int:
        """Count the pages with running work."""
        return len(self._by_session)


class Estimates:
    """Estimates of how long work will take, from the work of the same kind of all pages before."""

    def __init__(self) -> None:
        self._seconds_per_row: dict[tuple[str, str], float] = {}

    def record(self, network: str, kind: str, rows: int, *, seconds: float) -> None:
        """Record how long work of a kind took on so many rows."""
        if rows >= ENOUGH:
            self._seconds_per_row[network, kind] = seconds / rows

    def seconds(self, network: str, kind: str, rows: int) -> float | None:
        """Estimate the seconds for so many rows; None where the network has no record yet.

        A kind without a record is taken to be as slow as the network's slowest kind.
        """
        by_kind = {k: s for (key, k), s in self._seconds_per_row.items() if key == network}
        if not by_kind:
            return None
        return rows * by_kind.get(kind, max(by_kind.values()))
