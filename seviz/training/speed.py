"""The speed of training from memory in bfloat16, to compare with a loader in float32."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import timm
import torch
from PIL import Image
from timm.data import resolve_model_data_config

import seviz.nets.registry  # noqa: F401 - timm then knows those that ship
from seviz.nets.embedded import ARCHITECTURE
from seviz.photos.dataset import LabelledImages
from seviz.training.decoded import decode
from seviz.training.feed import Feed, FromDisk, FromMemory
from seviz.training.forward import Forward
from seviz.training.recipe import Recipe
from seviz.training.train import optimizer_for, training_step

STEPS = 8
BATCH = {"cpu": 128, "cuda": 512}


def make_epochs(
    folder: Path, where: torch.device, bfloat16: bool
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return two functions that train STEPS batches: from images in memory, and on disk.

    folder: an empty one, for random images of 64×64, which are trained with at 32; bfloat16:
    whether the first function computes in it. Both train as `train` does, without compiling.
    """
    recipe = Recipe(ARCHITECTURE, batch=BATCH[where.type])
    images = _write_noise_images(folder, STEPS * recipe.batch)
    config = resolve_model_data_config(timm.create_model(ARCHITECTURE, device="meta"))
    memory = FromMemory(decode(images).to(where))
    return (
        _epoch(recipe, memory, where, bfloat16=bfloat16),
        _epoch(recipe, FromDisk(images, config, where), where, bfloat16=False),
    )


def _epoch(
    recipe: Recipe, feed: Feed, where: torch.device, *, bfloat16: bool
) -> Callable[[], None]:
    model = timm.create_model(ARCHITECTURE).to(where, memory_format=torch.channels_last)
    forward, optimizer = Forward(model, bfloat16, graphs=True), optimizer_for(model, recipe)

    def run() -> None:
        for batch in feed.epoch(recipe, 0, 0, side=lambda: recipe.small):
            training_step(forward, optimizer, batch, recipe=recipe)

    return run


def _write_noise_images(folder: Path, count: int) -> LabelledImages:
    """Write `count` random JPEGs of one class."""
    noise = np.random.default_rng(0)
    (folder / "train" / "noise").mkdir(parents=True)
    for i in range(count):
        pixels = noise.integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "train" / "noise" / f"{i}.jpg")
    return LabelledImages(folder, "train")
