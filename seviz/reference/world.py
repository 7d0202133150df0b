"""The processes that torchrun starts to share one work, or this process alone."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.distributed.distributed_c10d import Store

LONGEST = timedelta(days=7)  # that processes wait for each other: torchrun ends them if one fails
DONE, DEALT = "seviz/done", "seviz/dealt"
LOOK = 0.5  # seconds between looks at what the others have done


@dataclass(frozen=True)
class World:
    """This process among all: rank of size, and how many are on this machine.

    All of them exchange data through the memory of the machines: gloo takes any array, also where
    networks run on GPUs, and over several machines without a common disk.
    """

    rank: int = 0
    size: int = 1
    on_machine: int = 1
    store: "Store | None" = None

    def count(self, images: int) -> int:
        """Add images to what all processes have done; return how many these are, all together."""
        return int(self.store.add(DONE, images)) if self.store else images

    def everyones(self, mine: Any) -> list[Any]:
        """Return what each process gives, by rank."""
        if self.size == 1:
            return [mine]
        import torch.distributed as dist

        found: list[Any] = [None] * self.size
        dist.all_gather_object(found, mine)
        return found

    def finish(self) -> Iterator[None]:
        """Say that this process has done its part, and yield until all of them have."""
        if self.store is None:
            return
        finished = self.store.add(DEALT, 1)
        while finished < self.size:
            yield
            time.sleep(LOOK)
            finished = self.store.add(DEALT, 0)

    def send(self, content: bytes) -> None:
        """Send bytes, one or more, to the first process.

        It calls `receive` for each of the others in turn.
        """
        import torch
        import torch.distributed as dist

        dist.send(torch.tensor([len(content)]), 0)
        dist.send(torch.frombuffer(bytearray(content), dtype=torch.uint8), 0)

    def receive(self, rank: int) -> bytes:
        """Receive bytes from a process; the first process calls this."""
        import torch
        import torch.distributed as dist

        size = torch.zeros(1, dtype=torch.int64)
        dist.recv(size, rank)
        content = torch.empty(int(size), dtype=torch.uint8)
        dist.recv(content, rank)
        return content.numpy().tobytes()

    def counting(self, name: str) -> "World":
        """Return the same processes for another work, whose images they count from 0."""
        if self.store is None:
            return self
        from torch.distributed.distributed_c10d import PrefixStore

        return replace(self, store=PrefixStore(name, self.store))

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.size > 1:
            import torch.distributed as dist

            dist.barrier()


ALONE = World()


def processes() -> int:
    """Return how many processes torchrun started to share the work; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Tell whether this process is the first of those that torchrun started, or alone."""
    return processes() == 1 or os.environ.get("RANK", "0") == "0"


@contextmanager
def joined() -> Iterator[World]:
    """Join the processes that torchrun started; each takes its share of the cores, and one GPU."""
    if processes() == 1:
        yield ALONE
        return
    import torch
    import torch.distributed as dist
    from torch.distributed.distributed_c10d import PrefixStore
    from torch.distributed.rendezvous import rendezvous

    from seviz.photos.dataset import cores

    store, rank, size = next(iter(rendezvous("env://", timeout=LONGEST)))
    dist.init_process_group(
        "gloo", store=PrefixStore("gloo", store), rank=rank, world_size=size, timeout=LONGEST
    )
    here = int(os.environ.get("LOCAL_WORLD_SIZE", size))
    torch.set_num_threads(max(1, cores() // here))
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", rank)) % torch.cuda.device_count())
    try:
        yield World(rank, size, here, store)
    finally:
        dist.destroy_process_group()
