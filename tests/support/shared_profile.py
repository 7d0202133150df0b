"""One of the processes that torchrun starts: profiles a small network over pictures in a folder.

    torchrun … shared_profile.py DATA OUT KILLED

KILLED: RANK:BATCHES, the process that is killed, and after how many of its batches; or “none”.
"""

import os
import signal
import sys
import time
from pathlib import Path

from networks import awake

from seviz.passes.capture import Captures, capture
from seviz.photos import dataset
from seviz.photos.sources import open_images
from seviz.reference import gathering, work
from seviz.reference.gather import gather_shared
from seviz.reference.world import joined
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


def main(data: str, out: Path, killed: str) -> None:
    rank, _, batches = killed.partition(":")
    passed, parts = 0, out.with_suffix(".parts")

    def counted(loaded: LoadedModel, x) -> Captures:
        nonlocal passed
        if os.environ.get("RANK", "0") == rank and passed == int(batches):
            while len(list(parts.glob("*.safetensors"))) < int(os.environ["WORLD_SIZE"]):
                time.sleep(0.01)  # until the others have written, too
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1
        return capture(loaded, x)

    gathering.capture, work.batch_for = counted, lambda config: 4
    work.Work.take.__kwdefaults__["every"] = 0.0  # a file after each batch
    dataset.cores = lambda: 1
    with joined() as world:
        found = gather_shared(
            world,
            prepare(wrap("small", awake("lab_resnet_se"))),
            open_images(data if "*" in data else Path(data), "train"),
            data="made",
            parts=parts,
            skip_unreadable=True,
        )
        if found:
            found.save(out)
            print(f"used {found.used.images}, unreadable {found.used.unreadable}")
        world.wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
