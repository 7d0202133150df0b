"""The photographs of a folder that the server offers to all visitors."""

import os
import threading
from collections import OrderedDict
from pathlib import Path

from seviz import limits
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.photos.collect import collect, in_folder
from seviz.phrases import brief
from seviz.records.collection import Photographs
from seviz.reference.collection import gather_collection
from seviz.ui.parts.own_photos import Passed
from seviz.watch import Part, Watch
from seviz.words.collection import FOLDER_COUNT
from seviz.zoo.catalogue import find

NETWORKS = 4  # whose answers are kept, those that were asked for last
TICK = 0.2  # seconds between two looks whether a visitor still waits for another's work
NONE = "This server offers no folder of photographs; send your own."


class ServerFolder:
    """A folder whose photographs are read, and passed through each network, once for all."""

    def __init__(self) -> None:
        """Offer nothing yet."""
        self.root: Path | None = None
        self._lock = threading.Lock()
        self._photographs: Photographs | None = None
        self._passed: OrderedDict[str, Passed] = OrderedDict()

    def offer(self, folder: str | Path | None) -> None:
        """Offer a folder, or that which SEVIZ_DATA names; UserError where it is none."""
        named = folder or os.environ.get("SEVIZ_DATA")
        root = Path(named) if named else None
        if root and not root.is_dir():
            raise UserError(f"{root} is no folder that can be opened; give one with photographs.")
        self.__init__()  # type: ignore[misc]
        self.root = root

    @property
    def name(self) -> str:
        """Return what people call it: not where it is on the server."""
        return brief(self.root.resolve().name) if self.root else ""

    def known(self, key: str) -> Passed | None:
        """Return what a network made of the photographs, where it was asked before."""
        return self._passed.get(key)

    def answer(self, key: str, watch: Watch) -> Passed:
        """Return what a network makes of the photographs; one visitor at a time has it computed.

        UserError where none can be read; Stopped where the watch stops the work.
        """
        while not self._lock.acquire(timeout=TICK):
            watch.check()
        try:
            key = find(key).key
            if key not in self._passed:
                photographs = self._read(Part(watch, 0, 0.6))
                self._passed[key] = passed(key, photographs, Part(watch, 0.6, 1))
            self._passed.move_to_end(key)
            while len(self._passed) > NETWORKS:
                self._passed.popitem(last=False)
            return self._passed[key]
        finally:
            self._lock.release()

    def _read(self, watch: Watch) -> Photographs:
        if self.root is None:
            raise UserError(NONE)
        if self._photographs is None:
            found, left_out = in_folder(self.root, limits.FOLDER.value)
            name = FOLDER_COUNT.format("{}", self.name.replace("{", "").replace("}", ""))
            self._photographs = collect(found, name=name, left_out=left_out, watch=watch)
        return self._photographs


FOLDER = ServerFolder()


def passed(key: str, photographs: Photographs, watch: Watch) -> Passed:
    """Pass photographs through a network, and gather the statistics of its gates."""
    from seviz.passes.collection import pass_collection

    collection = ask(pass_collection, key, photographs, watch=watch)
    found = gather_collection(collection)
    return Passed(collection, found.profile, found.images)
