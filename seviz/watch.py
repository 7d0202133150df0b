"""Long work that can be followed and stopped, from another thread or another process.

A file of two numbers is what the sides share, because on ZeroGPU work is done by forked processes
that share only files with the page.
"""

import mmap
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from seviz.errors import UserError

FORMAT = "{desc} {bar} {percentage:.0f} % [{elapsed}]"
_SHARE, _STOP = struct.Struct("d"), 8  # the share of work done; then a byte, 1 for stop


class Stopped(UserError):
    """Said by work that was told to stop."""

    def __init__(self) -> None:
        """Say it in a sentence."""
        super().__init__("Stopped; what had been computed before is still there.")


class Watch:
    """The share of some work that is done, and whether it should stop; travels as a file's path."""

    def __init__(self, path: Path | None = None) -> None:
        """Make a new watch, or look at that of a path."""
        if path is None:
            with tempfile.NamedTemporaryFile(prefix="seviz-watch-", delete=False) as file:
                file.write(bytes(_STOP + 1))
            path = Path(file.name)
        self.path = path
        with path.open("r+b") as shared:
            self._shared = mmap.mmap(shared.fileno(), _STOP + 1)

    def __reduce__(self) -> tuple[type["Watch"], tuple[Path]]:
        """Travel between processes as the path."""
        return Watch, (self.path,)

    @property
    def share(self) -> float:
        """Return the share of the work that is done, 0 to 1."""
        return float(_SHARE.unpack_from(self._shared)[0])

    @property
    def stopped(self) -> bool:
        """Tell whether the work was told to stop."""
        return bool(self._shared[_STOP])

    def stop(self) -> None:
        """Tell the work to stop."""
        self._shared[_STOP] = 1

    def reached(self, share: float) -> None:
        """Say how much of the work is done, 0 to 1; raises Stopped where it should go no further.

        Whoever works calls this every few tenths of a second.
        """
        _SHARE.pack_into(self._shared, 0, min(share, 1.0))
        self.check()

    def check(self) -> None:
        """Raise Stopped where the work should go no further."""
        if self.stopped:
            raise Stopped

    def close(self) -> None:
        """Delete the file; who still looks at it may go on doing so."""
        self.path.unlink(missing_ok=True)


class Part(Watch):
    """Follows a part of some work by the watch of all of it, so that “Stop” is heard there too."""

    def __init__(self, whole: Watch, start: float, stop: float) -> None:
        """Be the part of `whole` from one share of it to another, 0 to 1."""
        self._whole, self._start, self._length = whole, start, stop - start

    def reached(self, share: float) -> None:
        """Say how much of the part is done, 0 to 1; raises Stopped as the whole does."""
        self._whole.reached(self._start + min(share, 1.0) * self._length)

    def check(self) -> None:
        """Raise Stopped where the whole should go no further."""
        self._whole.check()


@dataclass
class Progress:
    """How many rows have passed of about how many, told to a watch if there is one."""

    watch: Watch | None = None
    expected: int = 1
    passed: int = 0

    def check(self) -> None:
        """Raise Stopped where the work should go no further; called many times a pass."""
        if self.watch:
            self.watch.check()

    def add(self, rows: int) -> None:
        """Count rows that have passed; raises Stopped where the work should go no further."""
        self.passed += rows
        if self.watch:
            self.watch.reached(self.passed / self.expected)

    def part(self, rows: int) -> Watch | None:
        """Follow the next rows, which other work counts its own way, where there is a watch."""
        if not self.watch:
            return None
        start, stop = (n / self.expected for n in (self.passed, self.passed + rows))
        return Part(self.watch, start, stop)

    def begin_again(self, expected: int) -> None:
        """Count from 0 to another number of rows."""
        self.expected, self.passed = expected, 0


class Bar(Watch):
    """A watch that shows the share of the work as a progress bar on the terminal."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        """Name the work; path as of `Watch`."""
        super().__init__(path)
        # Not where the output goes to a file: disable=None is tqdm's word for that.
        self._bar = tqdm(
            total=100, desc=name, unit="%", leave=False, bar_format=FORMAT, disable=None
        )

    def reached(self, share: float) -> None:
        """Show how much of the work is done; a new part of it begins anew."""
        self._bar.n = round(100 * min(share, 1.0))
        self._bar.refresh()
        super().reached(share)

    def __enter__(self) -> "Bar":
        """Show it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        self._bar.close()
        self.close()
