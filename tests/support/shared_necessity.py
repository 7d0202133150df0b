"""One of the processes that torchrun starts: which blocks a small network needs, over a folder.

torchrun … shared_necessity.py DATA OUT
"""

import sys
from pathlib import Path

from networks import awake

from seviz.measuring.measure_necessity import Asking, measure_necessity
from seviz.measuring.necessity_file import save
from seviz.photos import dataset
from seviz.photos.sources import open_images
from seviz.records.arms import Rule
from seviz.reference import work
from seviz.reference.replacement import Replacement
from seviz.reference.world import joined
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

BY = Replacement(Rule("set", 0.5), {})
BUDGET = 0.0  # of points


def small() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_se")))


def main(data: str, out: str) -> None:
    work.batch_for, dataset.cores = lambda config: 4, lambda: 1
    with joined() as world:
        images, parts = open_images(Path(data), "val"), Path(f"{out}.parts")
        asking = Asking(small(), images, data="made", world=world, parts=parts)
        found, _ = measure_necessity(asking, BY, budget=BUDGET)
        if world.rank == 0:
            save(found, Path(out))
        world.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
