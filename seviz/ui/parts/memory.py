"""Memory of the process that the allocator keeps for threads which no longer need it.

glibc gives each thread that allocates an arena of its own, eight for each core, and keeps what is
freed inside: a pass's features, which many threads compute in turn, then stay many times over.
"""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from functools import cache

M_ARENA_MAX = -8  # of malloc.h
ARENAS = 2


def limit_arenas() -> None:
    """Let all threads share a few arenas, where this system has glibc."""
    if call := _function("mallopt"):
        call(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give the system back what is free inside the arenas; it takes some milliseconds."""
    if call := _function("malloc_trim"):
        call(0)


@cache
def _function(name: str) -> Callable[..., int] | None:
    """Return a function of the C library; None where it has none of that name."""
    with suppress(OSError, AttributeError, TypeError):  # the last: of Windows
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
        return found
    return None
