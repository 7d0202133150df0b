"""Long work whose progress other threads and processes can follow, and which they can stop.

Both sides share a file of two numbers, because on ZeroGPU work is done by forked processes that
share only files with the page.
"""

import mmap
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from seviz import limits
from seviz.errors import UserError

BAR_FORMAT = "{desc} {bar} {percentage:.0f} % [{elapsed}]"
_SHARE, _STOP = struct.Struct("d"), 8  # the file: the share of work done; at byte 8, 1 for stop


class Stopped(UserError):
    """Raised by work that was asked to stop."""

    def __init__(self) -> None:
        """Write the sentence that people read."""
        super().__init__("Stopped; what had been computed before is still there.")


@dataclass
class Asker:
    """Who waits for the work: how long it may take, and whether anybody still waits for it.

    alive: tells whether somebody does; ends: the time (`time.monotonic`) by which the work ends;
    limit: what sets it.
    """

    alive: Callable[[], bool] = lambda: True
    ends: float = field(default_factory=lambda: time.monotonic() + limits.SECONDS.value)
    limit: limits.Limit = limits.SECONDS

    def check(self) -> None:
        """Raise Stopped where nobody waits any more, UserError where the time is over."""
        if not self.alive():
            raise Stopped
        if time.monotonic() > self.ends:
            raise UserError(
                f"{self.limit.sentence} here ({self.limit.variable}), and this took "
                "longer; ask for less, such as fewer arms or methods, or a smaller network."
            )


_asker: ContextVar[Asker | None] = ContextVar("seviz_asker", default=None)


@contextmanager
def asked_by(asker: Asker) -> Iterator[None]:
    """Do work for an asker, whom the threads that copy this context know too."""
    token = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(token)


def check_asker() -> None:
    """Raise as `Asker.check` does; the command line's work has no asker."""
    if asker := _asker.get():
        asker.check()


@contextmanager
def taking_long() -> Iterator[None]:
    """Give work that people see form, and can stop, the longer time of `limits.LONG`."""
    asker = _asker.get()
    if asker is None:
        yield
        return
    with asked_by(Asker(asker.alive, time.monotonic() + limits.LONG.value, limits.LONG)):
        yield


@contextmanager
def untimed() -> Iterator[None]:
    """Count what is done here, such as a download, not as the asker's time."""
    started = time.monotonic()
    try:
        yield
    finally:
        if asker := _asker.get():
            asker.ends += time.monotonic() - started


class Watch:
    """The share of some work that is done, and whether it should stop; pickled as a file's path."""

    def __init__(self, path: Path | None = None) -> None:
        """Make a new watch, or open the one at a path."""
        if path is None:
            with tempfile.NamedTemporaryFile(prefix="seviz-watch-", delete=False) as file:
                file.write(bytes(_STOP + 1))
            path = Path(file.name)
        self.path = path
        with path.open("r+b") as shared:
            self._shared = mmap.mmap(shared.fileno(), _STOP + 1)

    def __reduce__(self) -> tuple[type["Watch"], tuple[Path]]:
        """Pickle the path, so that another process opens the same file."""
        return Watch, (self.path,)

    @property
    def share(self) -> float:
        """Return the share of the work that is done, 0 to 1."""
        return float(_SHARE.unpack_from(self._shared)[0])

    @property
    def stopped(self) -> bool:
        """Tell whether the work should stop."""
        return bool(self._shared[_STOP])

    def stop(self) -> None:
        """Ask the work to stop: its next report or check raises Stopped."""
        self._shared[_STOP] = 1

    def report(self, share: float) -> None:
        """Set the share of the work that is done, 0 to 1; raises Stopped where it should stop.

        The work calls this every few tenths of a second.
        """
        _SHARE.pack_into(self._shared, 0, min(share, 1.0))
        self.check()

    def check(self) -> None:
        """Raise Stopped where the work should stop."""
        if self.stopped:
            raise Stopped

    def close(self) -> None:
        """Delete the file; watches that have it open stay usable."""
        self.path.unlink(missing_ok=True)


class Part(Watch):
    """Reports a part of some work to the watch of the whole, which can stop the part too."""

    def __init__(self, whole: Watch, start: float, stop: float) -> None:
        """Cover the part of `whole` from the share `start` to the share `stop`, 0 to 1."""
        self._whole, self._start, self._length = whole, start, stop - start

    def report(self, share: float) -> None:
        """Set the share of the part that is done, 0 to 1; raises Stopped as the whole does."""
        self._whole.report(self._start + min(share, 1.0) * self._length)

    def check(self) -> None:
        """Raise Stopped where the whole should stop."""
        self._whole.check()


@dataclass
class Progress:
    """How many rows have passed, of about how many; reported to a watch if there is one."""

    watch: Watch | None = None
    expected: int = 1
    passed: int = 0

    def check(self) -> None:
        """Raise Stopped where the work should stop; called many times a pass."""
        check_asker()
        if self.watch:
            self.watch.check()

    def add(self, rows: int) -> None:
        """Count rows that have passed; raises Stopped where the work should stop."""
        self.passed += rows
        check_asker()
        if self.watch:
            self.watch.report(self.passed / self.expected)

    def part(self, rows: int) -> Watch | None:
        """Return a watch for the next rows, which report their own shares; None without a watch."""
        if not self.watch:
            return None
        start, stop = (n / self.expected for n in (self.passed, self.passed + rows))
        return Part(self.watch, start, stop)

    def restart(self, expected: int) -> None:
        """Begin to count anew, to another number of rows."""
        self.expected, self.passed = expected, 0


class Bar(Watch):
    """A watch that shows the share of the work as a progress bar on the terminal."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        """Name the work; path as of `Watch`."""
        super().__init__(path)
        # disable=None hides the bar where the output is no terminal.
        self._bar = tqdm(
            total=100, desc=name, unit="%", leave=False, bar_format=BAR_FORMAT, disable=None
        )

    def report(self, share: float) -> None:
        """Set and show the share of the work that is done."""
        self._bar.n = round(100 * min(share, 1.0))
        self._bar.refresh()
        super().report(share)

    def clear(self) -> None:
        """Take the bar off the terminal, where a line is to be printed, until the next report."""
        self._bar.clear()

    def __enter__(self) -> "Bar":
        """Return the bar, which is shown already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar and the watch's file."""
        self._bar.close()
        self.close()
