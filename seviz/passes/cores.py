"""The processor's cores, shared by the questions that are worked on at a time.

Passes of two questions that each take all cores stand in each other's way: on two cores, 50
visitors get 1.2 times the answers of one who asks alone, and 1.4 times with one thread for each.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_running = 0  # questions that are worked on
_cores = 1  # threads of a question that is alone


@contextmanager
def shared_cores() -> Iterator[None]:
    """Let torch compute here with this question's share of the cores, at least one."""
    import torch

    global _running, _cores
    with _lock:
        if not _running:
            _cores = torch.get_num_threads()
        _running += 1
        torch.set_num_threads(max(1, _cores // _running))  # of this thread alone
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            torch.set_num_threads(_cores)
