"""The networks that a process keeps in memory."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.zoo.catalogue import find
from seviz.zoo.device import after_fork
from seviz.zoo.models import LoadedModel, load, on_device
from seviz.zoo.sources import Source

if TYPE_CHECKING:
    import torch

MAX_BYTES = 1_500_000_000  # of networks in memory; the least recently used is dropped first


class Zoo:
    """Loads networks by key, one at a time, and keeps the last few."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Keep networks of at most `max_bytes` in memory, and always the last one."""
        self._max_bytes = max_bytes
        # By source, not key: a checkpoint's knows its file's sha256, and keys may come again.
        self._models: OrderedDict[Source, LoadedModel] = OrderedDict()
        self._adopted: dict[Source, LoadedModel] = {}
        self._make_locks()
        after_fork(self._make_locks)  # a forked process lacks the thread that holds a lock

    def __contains__(self, key: str) -> bool:
        """Tell whether a network is in memory."""
        source = find(key)
        return source in self._models or source in self._adopted

    def get(self, key: str, *, plain: bool = False) -> LoadedModel:
        """Return a network, loading it on first use; UserError where its weights can't be had.

        plain: a network without SE will do, too, which else is a UserError.
        """
        source = find(key)
        if not plain:
            source.check_gates()
        if loaded := self._cached_model(source):
            return loaded
        with self._loading:  # one at a time, so at most one network exceeds the limit
            if loaded := self._cached_model(source):
                return loaded
            loaded = load(source.key, plain=plain)
            with self._lock:
                self._models[source] = loaded
                self._drop_oldest()
            return loaded

    def move(self, key: str, where: "torch.device") -> LoadedModel:
        """Move a network in memory to a device, with its twin where that is loaded."""
        source = find(key)
        with self._lock:
            kept = self._adopted if source in self._adopted else self._models
            kept[source] = moved = on_device(kept[source], where)
        return moved

    def adopt(self, loaded: LoadedModel) -> None:
        """Keep a network that its owner has in memory, too, until it is released."""
        with self._lock:
            self._adopted[loaded.source] = loaded

    def release(self, source: Source) -> None:
        """Forget a network that was adopted."""
        with self._lock:
            self._adopted.pop(source, None)

    def forget(self, file: Path) -> None:
        """Drop the networks of a file that is no longer needed."""
        with self._lock:
            for source in [s for s, loaded in self._models.items() if loaded.file == file]:
                del self._models[source]

    def _cached_model(self, source: Source) -> LoadedModel | None:
        with self._lock:
            if source in self._adopted:
                return self._adopted[source]
            if source in self._models:
                self._models.move_to_end(source)
            return self._models.get(source)

    def _drop_oldest(self) -> None:
        while (
            len(self._models) > 1 and sum(m.bytes for m in self._models.values()) > self._max_bytes
        ):
            self._models.popitem(last=False)

    def _make_locks(self) -> None:
        self._loading = threading.Lock()
        self._lock = threading.RLock()  # guards the models; whoever holds it may release one
