"""The processes that decode untrusted pictures (`seviz.photos.worker`), and who may use them.

A picture that would take minutes or gigabytes ends its process, and nothing else. Most need a tenth
of a second of CPU: each gets QUICK at first, and only what takes longer waits for one of the places
of SLOW, from the start, so that it never holds a place that others need. Small files wait less than
large ones. The processes start when they are needed and stay. Each process of the app, such as a
data set's reader, has its own.
"""

import atexit
import heapq
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image

from seviz.errors import UserError
from seviz.photos.decode import bands, too_much
from seviz.photos.worker import REQUEST

PLACES = 2  # pictures that are decoded at a time, in each lane
QUICK, SLOW = 0.5, 3.5  # seconds of CPU
MAX_WAIT = 60.0  # seconds by the clock, for a process that is stuck
PIPE = 1 << 20  # bytes that the pipes hold: with 65,536, the processes would wait for each other
OUT_OF_TIME: int = -getattr(signal, "SIGPROF", 0)  # how a process ends that used up its seconds
# Held while a process starts: one forked meanwhile would keep open the ends of its pipes.
_STARTING = threading.Lock()


class OutOfTimeError(Exception):
    """A picture took more seconds of CPU than it was given."""


class Worker:
    """A process that decodes pictures, one at a time."""

    process: subprocess.Popen[bytes]

    def __init__(self) -> None:
        """Start it; UserError where the system starts no process."""
        paths = [str(Path(__file__).parents[2]), *sys.path]
        # Libraries reserve memory for each thread they might start.
        few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environment = {**os.environ, **few, "PYTHONPATH": os.pathsep.join(paths)}
        try:
            with _STARTING:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "seviz.photos.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    pipesize=PIPE,
                    env=environment,
                    start_new_session=True,  # Ctrl-C at the terminal is for the app
                )
        except OSError as error:
            raise UserError(
                "No process could be started to decode the photograph: close other programs."
            ) from error

    def ask(self, data: bytes, seconds: float, side: int = 0) -> Image.Image | str:
        """Return a picture, or the sentence that says why it is none.

        seconds: of CPU, at most; side: as of `decode_photo`.

        OutOfTimeError where they are not enough, UserError where the process ended otherwise; it
        has ended after any error.
        """
        watch = threading.Timer(MAX_WAIT, self.process.kill)
        watch.start()
        try:
            return self._exchange(data, seconds, side)
        except BaseException as error:  # also Ctrl-C: half an answer would stay in the pipe
            if self.end() == OUT_OF_TIME:
                raise OutOfTimeError from error
            if isinstance(error, (OSError, ValueError)):
                raise too_much() from error
            raise
        finally:
            watch.cancel()

    def _exchange(self, data: bytes, seconds: float, side: int) -> Image.Image | str:
        """Send a picture and receive its pixels; OSError or ValueError where the process ends."""
        requests, answers = self.process.stdin, self.process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(REQUEST.pack(seconds, len(data), side))
        requests.write(data)
        requests.flush()
        answer = json.loads(answers.readline())
        if isinstance(answer, str):
            return answer
        photo = Image.new("RGB", answer)
        for top, band in bands(photo):
            pixels = answers.read(3 * band.width * band.height)
            photo.paste(Image.frombytes("RGB", band.size, pixels), (0, top))
        return photo

    def end(self) -> int:
        """End the process and return its exit code; negative: the signal that ended it."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(OSError):  # what it did not read is still to be sent
                stream.close()
        return self.process.wait()


class Places:
    """A number of places; who sends the smallest file gets the next one."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: list[tuple[int, int]] = []  # a heap of sizes and turns
        self._turns = itertools.count()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Wait for a place and hold it; size: of the file in bytes."""
        with self._changed:
            mine = (size, next(self._turns))
            heapq.heappush(self._waiting, mine)
            try:
                self._changed.wait_for(lambda: self._free and self._waiting[0] == mine)
                self._free -= 1
            finally:  # also when it is interrupted
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


class Pool:
    """The processes that wait for pictures, and the places of both lanes."""

    def __init__(self) -> None:
        self.lanes = [(seconds, Places(PLACES)) for seconds in (QUICK, SLOW)]
        self.idle: list[Worker] = []

    def decode(self, data: bytes, side: int = 0) -> Image.Image:
        """Decode a picture; UserError where it is none, or takes too much time or memory."""
        for seconds, places in self.lanes:
            with places.hold(len(data)), suppress(OutOfTimeError):
                return self._decode(data, seconds, side)
        raise too_much()

    def _decode(self, data: bytes, seconds: float, side: int) -> Image.Image:
        worker = self._take()
        answer = worker.ask(data, seconds, side)
        self.idle.append(worker)
        if isinstance(answer, str):
            raise UserError(answer)
        return answer

    def _take(self) -> Worker:
        """Return a process that waits, or start one."""
        while self.idle:
            with suppress(IndexError):  # another thread was faster
                worker = self.idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
        return Worker()

    def start(self) -> None:
        """Start a process before the first picture comes, without waiting for it."""
        with suppress(UserError):  # said when a picture comes
            self.idle.append(Worker())

    def end(self) -> None:
        """End the processes that wait."""
        while self.idle:
            self.idle.pop().end()


_pool = Pool()
_of_parents: list[Pool] = []  # kept, as a forked process must not end those processes


def decode(data: bytes, side: int = 0) -> Image.Image:
    """Decode a picture, as `seviz.photos.decode.decode_photo`, in another process within limits."""
    return _pool.decode(data, side)


def start() -> None:
    """Start a process before the first picture comes, without waiting for it."""
    _pool.start()


def _after_fork() -> None:
    """Give a forked process a pool of its own."""
    global _pool
    _STARTING.release()
    _of_parents.append(_pool)
    _pool = Pool()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_STARTING.acquire, after_in_parent=_STARTING.release, after_in_child=_after_fork
    )
atexit.register(lambda: _pool.end())
