"""What the page of a Space opens on, once it is there: an ImageNet network's answer to the example.

Until then, and everywhere else, the page opens on the embedded network's. The answer is kept, so
that an opening costs no pass of the network.
"""

import logging
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from PIL import Image

from seviz.errors import UserError
from seviz.learn.example import ExampleResult
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import file_of, read_file
from seviz.records.arms import Arm
from seviz.records.trace import Trace
from seviz.ui.address import Address
from seviz.ui.parts.photo_field import first_example
from seviz.ui.parts.upload import SERVED
from seviz.zoo.catalogue import EMBEDDED, find
from seviz.zoo.models import prepare

NETWORK = "seresnet50.a1_in1k"  # whose weights a Space brings: see the head of README.md
YIELDING = 19  # the niceness of a thread that computes only where nobody else wants to


class Opening:
    """The kept answer of a network to the example that suits it best."""

    def __init__(self, network: str = NETWORK) -> None:
        self.network = network
        self._kept: ExampleResult | None = None

    def start(self) -> threading.Thread | None:
        """On a Space, ask the network in a thread of its own; else, do nothing."""
        if "SPACE_ID" not in os.environ:
            return None
        thread = threading.Thread(target=self._ask_quietly, name="opening", daemon=True)
        thread.start()
        return thread

    def ask(self) -> None:
        """Ask the network on the CPU, in this process: no GPU is held for it.

        Nothing happens where its weights are not on this machine. UserError where they, or the
        photograph, can't be used.
        """
        source, path = find(self.network), first_example(self.network)
        example = next((each for each in EXAMPLES if SERVED.get(each.name) == path), None)
        if source.local_file is None or path is None or example is None:
            return
        import torch

        from seviz.learn.ask_example import ask_example

        loaded = prepare(source, where=torch.device("cpu"))
        self._kept = ask_example(loaded, example, read_file(path, path.name), weights={})

    def answer(self, key: str, photo: Image.Image, arms: Sequence[Arm]) -> ExampleResult | None:
        """Return the kept answer where it is that to a question; else None."""
        kept = self._kept
        if kept is None or (kept.trace.model, kept.trace.arms) != (key, tuple(arms)):
            return None
        return kept if kept.trace.photo == file_of(photo) else None

    def gate(self, record: Trace, block: str, channel: int) -> ExampleResult | None:
        """Return the kept answer where it holds a gate of a trace, as trained; else None."""
        kept = self._kept
        if kept is None or (block, channel) != (kept.maps.site.name, kept.channel):
            return None
        return kept if record.is_of_same_photo(kept.trace) else None

    def instead_of(self, said: Address) -> Address:
        """Return what the page shows for what its address says.

        That is the kept answer, with its gate, where there is one and the address says nothing of
        any answer: one that does is of the network that it names, or of the embedded one.
        """
        if self._kept is None or said != Address(page=said.page, tab=said.tab):
            return said
        kept, gate = self._kept, f"{self._kept.maps.site.name}[{self._kept.channel}]"
        there = SERVED.get(kept.name) == first_example(EMBEDDED)  # the page has it at first
        return replace(said, model=kept.trace.model, photo="" if there else kept.name, gate=gate)

    def _ask_quietly(self) -> None:
        with suppress(AttributeError, OSError):  # where the system has no niceness of threads
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), YIELDING)
        try:
            self.ask()
        except UserError as error:  # the page goes on opening on the embedded network
            logging.getLogger(__name__).warning("%s", error)


OPENING = Opening()
