"""The bench's rows of `profile`: what gathering gates costs, and what a second process brings."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from seviz.bench.rows import Networks, Row, Unmeasured, compare, summarise
from seviz.files import write_whole
from seviz.photos.dataset import batch_for, cores
from seviz.photos.sources import open_images
from seviz.reference.gather import begin
from seviz.zoo.catalogue import EMBEDDED
from seviz.zoo.models import LoadedModel, load

IMAGES, CLASSES, SIDE = 1000, 100, 64
LOADERS = 2
PAIRS = 9
LIMIT = 1 / 0.95  # 95 hundredths of the images a second
TWO_LIMIT = 1 / 1.6  # 1.6 times the images a second
# Prints the seconds in which the processes that torchrun started, or one, gather the images.
GATHER = """
import sys, time
import torch
from seviz.photos.sources import open_images
from seviz.reference.gather import begin
from seviz.reference.world import joined
from seviz.zoo.models import load
with joined() as world:
    torch.set_num_threads(1)
    images = open_images(sys.argv[1], "train")
    work, _ = begin(load(sys.argv[2]), images, "", loaders=1, world=world)
    world.wait()
    start = time.perf_counter()
    work.take(quiet=True)
    world.wait()
    if world.rank == 0:
        print(time.perf_counter() - start)
"""


class _Files(Dataset[tuple[Tensor, int]]):
    """Images on disk, read and transformed in the plainest way."""

    def __init__(self, loaded: LoadedModel, files: list[Path]) -> None:
        self._transform, self._files = loaded.transform, files

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        with Image.open(self._files[i]) as image:
            return self._transform(image.convert("RGB")), 0


def profile(name: str, _: Networks) -> Row:
    """Compare `profile` on the embedded network with its bare passes over a plain loader."""
    loaded = load(EMBEDDED)
    with TemporaryDirectory() as folder:
        files = write_images(Path(folder), IMAGES)
        images = open_images(Path(folder), "train")

        @torch.inference_mode()
        def bare() -> None:
            batch = batch_for(loaded.source.config)
            for x, _ in DataLoader(_Files(loaded, files), batch, num_workers=LOADERS):
                loaded.model(x.to(loaded.device, memory_format=torch.channels_last))

        def ours() -> None:
            work, _ = begin(loaded, images, "", loaders=LOADERS)
            work.take(quiet=True)

        return compare(name, ours, bare, limit=LIMIT, pairs=PAIRS)


def two_processes(name: str, _: Networks) -> Row:
    """Compare `profile` of two processes with that of one, each with one thread and one loader.

    Unmeasured where there is one core.
    """
    if cores() < 2:
        raise Unmeasured("this machine has one core")
    with TemporaryDirectory() as folder:
        write_images(Path(folder), IMAGES)
        script = Path(folder) / "gather.py"
        write_whole(script, GATHER.encode())
        torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
        two, one = (
            partial(_seconds, [*start, str(script), folder, EMBEDDED]) for start in (torchrun, [])
        )
        times = [(one(), two()) for _ in range(PAIRS)]
        return summarise(name, [(ours, theirs) for theirs, ours in times], TWO_LIMIT)


def write_images(folder: Path, count: int) -> list[Path]:
    """Write so many random JPEGs in CLASSES class folders."""
    rng, files = np.random.default_rng(0), []
    for i in range(count):
        file = folder / "train" / f"{i % CLASSES:03}" / f"{i}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        coarse = rng.integers(0, 256, (SIDE // 8, SIDE // 8, 3), dtype=np.uint8)
        Image.fromarray(coarse.repeat(8, 0).repeat(8, 1)).save(file)
        files.append(file)
    return files


def _seconds(command: list[str]) -> float:
    """Run a program that prints seconds; Unmeasured where it fails."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        raise Unmeasured(f"it failed: {last[0]}")
    return float(done.stdout.split()[-1])
