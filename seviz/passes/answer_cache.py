"""Answers that were given before: identical questions are not computed again.

What is kept belongs to one visitor, but for examples, which are everybody's. It is kept as bytes,
so that its size is known and nobody gets an object that another one has.
"""

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from PIL import Image

from seviz.errors import UserError
from seviz.limits import CACHE
from seviz.photos.examples import is_example
from seviz.zoo.sources import Source

R = TypeVar("R")
T = TypeVar("T", bound=Callable[..., Any])
OVERHEAD = 500  # bytes of an entry besides its answer, about
PART = 4  # an answer may take a fourth of the cache

# The page that a question is from; of the command line and scripts, which have none, nothing is
# kept.
VISITOR: ContextVar[str | None] = ContextVar("VISITOR", default=None)


_NOT_KEPT: list[Callable[..., Any]] = []


def not_kept(task: T) -> T:
    """Decorate a task whose answers are never kept: those of a visitor's own photographs."""
    _NOT_KEPT.append(task)
    return task


class Asked(pickle.Pickler):
    """Hashes what is asked, photographs by their pixels and what is known of their file."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=32)
        self.photos: list[Image.Image] = []
        super().__init__(self, protocol=5)
        self.fast = True  # equal objects are written alike, whether they are one or several

    def write(self, data: Any) -> int:
        """Add pickled bytes to the hash."""
        self._hash.update(data)
        return len(data)

    def reducer_override(self, value: Any) -> Any:
        """Write a photograph as a hash."""
        if not isinstance(value, Image.Image):
            return NotImplemented
        self.photos.append(value)
        pixels = hashlib.blake2b(value.tobytes(), digest_size=32).digest()
        return tuple, ((pixels, value.mode, value.size, list(value.info.items())),)

    def key(self, *of: Any) -> tuple[bytes, str | None]:
        """Return the hash of a question, and whose it is: of examples alone, nobody's ("")."""
        self.dump(of)
        common = self.photos and all(map(is_example, self.photos))
        return self._hash.digest(), "" if common else VISITOR.get()


class AnswerCache:
    """The answers that were asked for last, of a number of bytes in all (`seviz.limits.CACHE`)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, str | None], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def answer(self, compute: Callable[[], R], source: Source, *question: Any) -> R:
        """Return the answer to a question, computed only where it is not kept.

        source: the network that is asked, kept apart by its weights and its twin's. What can't be
        hashed, a UserError, what nobody's page asks, and what is `not_kept` is not kept.
        """
        key = self._key(source, question)
        kept = self._find(key) if key else None
        if kept is not None:
            found: R = pickle.loads(kept)
            return found
        computed = compute()
        if key and not isinstance(computed, UserError):
            self._keep(key, pickle.dumps(computed, protocol=5))
        return computed

    def _key(self, source: Source, question: Any) -> tuple[bytes, str | None] | None:
        if VISITOR.get() is None or source.digest is None:
            return None
        if question and any(question[0] is task for task in _NOT_KEPT):
            return None
        twin = source.twin.digest if source.twin else None
        # By key, too, as the answer names it: two visitors may have uploaded the same file.
        weights = (source.key, source.identity, source.digest, twin)
        try:
            return Asked().key(weights, question)
        except (pickle.PicklingError, TypeError, AttributeError):
            return None

    def _find(self, key: tuple[bytes, str | None]) -> bytes | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: tuple[bytes, str | None], answer: bytes) -> None:
        most = CACHE.value * 1_000_000
        with self._lock:
            if key in self._kept or len(answer) + OVERHEAD > most / PART:
                return
            self._kept[key] = answer
            self.bytes += len(answer) + OVERHEAD
            while self.bytes > most:
                _, oldest = self._kept.popitem(last=False)
                self.bytes -= len(oldest) + OVERHEAD
