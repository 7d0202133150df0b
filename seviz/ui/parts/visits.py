"""How much each visitor has uploaded of late; a visitor is counted by address."""

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from seviz import limits

HOUR = 3600.0  # seconds
MB = 1_000_000


@dataclass(frozen=True)
class Upload:
    """A file that came at a time (`time.monotonic`) from an address; digest: of its bytes."""

    at: float
    address: str
    digest: str
    size: int


class Visits:
    """The files of all visitors of the last hour, each counted once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uploads: deque[Upload] = deque()  # the oldest first

    def check(self, address: str) -> None:
        """Raise UserError where an address, or all together, has sent as much as it may.

        address: "" of programs of this machine, which count among all alone.
        """
        own = self._of(address) if address else []
        limits.PHOTOS.check(len(own) + 1)
        for limit, uploads in ((limits.VISIT, own), (limits.TEMPORARY, self._recent())):
            megabytes = sum(upload.size for upload in uploads) // MB
            limit.check(megabytes + 1, "with another one these are")

    def add(self, address: str, files: Iterable[tuple[str, int]]) -> None:
        """Count files, each a digest and a size in bytes, but those that were sent before."""
        known = {upload.digest for upload in self._of(address)}
        new = {digest: size for digest, size in files if digest not in known}
        now = time.monotonic()
        with self._lock:
            self._uploads.extend(Upload(now, address, *file) for file in new.items())

    def count(self, address: str, digests: Iterable[str]) -> None:
        """Count photographs that came in one file; UserError where they are more than may be."""
        new = dict.fromkeys(digests, 0)
        if address:
            known = {upload.digest for upload in self._of(address)}
            limits.PHOTOS.check(len(known | new.keys()), "with these they are")
        self.add(address, new.items())

    def _of(self, address: str) -> list[Upload]:
        return [upload for upload in self._recent() if upload.address == address]

    def _recent(self) -> list[Upload]:
        with self._lock:
            while self._uploads and self._uploads[0].at < time.monotonic() - HOUR:
                self._uploads.popleft()
            return list(self._uploads)
