"""Training of the embedded network: one recipe, resumable at any step, exact on the CPU.

An epoch's images, order and augmentations follow from (seed, epoch, image) alone, so a run that was
killed goes on as if it had not been. Images grow late in the run, because an epoch at half the side
costs a quarter; the norms are settled at full size in the end. Before the rate decays, a run's
length may still be changed: folder/steady.pt is kept from that moment.
"""

import os
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import timm
import torch
from timm.data import create_transform, resolve_model_data_config
from timm.optim import create_optimizer_v2
from torch import Tensor, nn
from torch._dynamo.exc import BackendCompilerFailed
from torch.optim.swa_utils import update_bn
from torch.utils.data import ConcatDataset, DataLoader, Subset
from tqdm import tqdm

from seviz.data import LabelledImages, batch_for, batches, ordered
from seviz.device import device
from seviz.errors import UserError
from seviz.lab.measure import answers
from seviz.lab.photograph import AsPhotograph
from seviz.lab.run import Recipe, Run
from seviz.lab.start import begin, fingerprint

SAVE_SECONDS = 60.0


@dataclass(frozen=True)
class Progress:
    """One step's news for a progress bar; `epoch_end` carries the epoch's figures."""

    epoch: int
    step: int
    steps: int
    side: int
    loss: float
    epoch_end: dict[str, float] | None = None


def train(
    recipe: Recipe, data: Path, folder: Path, start: Path | None = None
) -> Iterator[Progress]:
    """Train recipe.model on data's “train” split, measuring on “val”; checkpoints in folder.

    start: weights of an earlier run (.safetensors) to go on from. Yields after each step. The last
    checkpoint, folder/last.pt, holds the finished network.
    """
    recipe = replace(recipe, start=fingerprint(start) if start else "")
    where = device()
    torch.manual_seed(recipe.seed)
    train_set, val_set = LabelledImages(data, "train"), LabelledImages(data, "val")
    _check(recipe, data, train_set, val_set)
    model = timm.create_model(recipe.model, num_classes=len(train_set.classes))
    model.to(where, memory_format=torch.channels_last)
    run = Run(recipe, train_set.classes, model, optimizer_for(model, recipe))
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "last.pt"
    if checkpoint.exists():
        run.load(checkpoint, folder / "steady.pt")
    elif start:
        run.before = begin(model, start)
    data_config = resolve_model_data_config(model)
    if recipe.compiled:
        model.compile(dynamic=False)  # anew for each side of the images
    while run.epoch < recipe.epochs:
        try:
            yield from _epoch(run, train_set, data_config, checkpoint, where)
        except BackendCompilerFailed as error:
            raise UserError(
                "--compiled found no compiler that works (g++ for a CPU, Triton for CUDA); "
                "install one, or train without it."
            ) from error
        figures = {"loss": run.loss_sum / max(run.step, 1)}
        if run.epoch + 1 == recipe.epochs:
            with torch.compiler.set_stance("force_eager"):  # at a size that is never trained at
                _settle_norms(run, train_set, data_config, where)
                figures |= _measure(model, val_set, data_config, where)
        news = _close_epoch(run, len(train_set) // recipe.batch, figures)
        run.save(checkpoint)
        if run.epoch == recipe.steady:
            run.save(folder / "steady.pt")
        yield news


def _check(recipe: Recipe, data: Path, train: LabelledImages, val: LabelledImages) -> None:
    """Refuse data that can't be trained on."""
    if odd := set(train.classes) ^ set(val.classes):
        raise UserError(f"“train” and “val” of {data} need the same classes; see {min(odd)}.")
    if len(train) < recipe.batch:
        raise UserError(
            f"{data} has {len(train)} images to train on, less than one batch of {recipe.batch}; "
            "give more, or a smaller --batch."
        )


def _epoch(
    run: Run,
    images: LabelledImages,
    data_config: dict[str, Any],
    checkpoint: Path,
    where: torch.device,
) -> Iterator[Progress]:
    """Train from run.step to the end of the epoch."""
    recipe, saved, clock = run.recipe, time.monotonic(), time.monotonic()
    side = recipe.side(run.epoch)
    steps = len(images) // recipe.batch
    run.model.train()
    for x, y in batches(_loader(run, images, data_config, side)):
        for group in run.optimizer.param_groups:
            group["lr"] = recipe.lr(run.epoch + (run.step + 0.5) / steps)
        x = x.to(where, memory_format=torch.channels_last)
        loss = descend(run.model, run.optimizer, recipe, x, y.to(where))
        run.step, run.loss_sum = run.step + 1, run.loss_sum + loss
        now = time.monotonic()
        run.seconds, clock = run.seconds + now - clock, now
        if now - saved > SAVE_SECONDS:
            run.save(checkpoint)
            saved = now
        yield Progress(run.epoch, run.step, steps, side, run.loss_sum / run.step)


def _settle_norms(
    run: Run, images: LabelledImages, data_config: dict[str, Any], where: torch.device
) -> None:
    """Measure the norms' statistics anew, on whole images at full size as people will give them.

    Those of the last epochs are of smaller images and random crops (FixRes, arXiv 1906.06423).
    Every other image is made a photograph first, as enlarging and JPEG take its finest detail away.
    """
    see = create_transform(**data_config)
    as_they_are, as_uploads = copy(images), copy(images)
    as_they_are.transform, as_uploads.transform = see, AsPhotograph(see)
    as_they_are.seed = as_uploads.seed = None
    generator = torch.Generator().manual_seed(run.recipe.seed)
    chosen = torch.randperm(len(images), generator=generator)[: run.recipe.settle].tolist()
    both: ConcatDataset[Any] = ConcatDataset([as_they_are, as_uploads])
    turns = [index + (turn % 2) * len(images) for turn, index in enumerate(chosen)]
    loader = DataLoader(Subset(both, turns), run.recipe.batch, num_workers=1)
    update_bn(batches(loader), run.model, where)


def _measure(
    model: nn.Module, images: LabelledImages, data_config: dict[str, Any], where: torch.device
) -> dict[str, float]:
    """Measure the finished network on the validation images, its honesty included."""
    loader = ordered(images, create_transform(**data_config), batch_for(data_config))
    said = answers(model, loader, where)
    return {"top1": said.top(1), "top5": said.top(5), "temperature": said.temperature()}


def descend(
    model: nn.Module, optimizer: torch.optim.Optimizer, recipe: Recipe, x: Tensor, y: Tensor
) -> float:
    """Take one step of gradient descent on images (N×3×H×W) and labels (N); returns its loss."""
    with torch.autocast(x.device.type, torch.bfloat16, enabled=recipe.bfloat16):
        loss = nn.functional.cross_entropy(model(x), y, label_smoothing=recipe.smoothing)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def _close_epoch(run: Run, steps: int, figures: dict[str, float]) -> Progress:
    """Write the epoch into the history and step to the next."""
    news = Progress(run.epoch, run.step, steps, 0, figures["loss"], figures)
    run.history.append(figures)
    run.epoch, run.step, run.loss_sum = run.epoch + 1, 0, 0.0
    return news


def _loader(
    run: Run, images: LabelledImages, data_config: dict[str, Any], side: int
) -> DataLoader[Any]:
    """Shuffled, augmented batches of the current epoch, from the current step on."""
    recipe = run.recipe
    images.seed = (recipe.seed, run.epoch)
    images.transform = create_transform(
        side,
        is_training=True,
        scale=(recipe.crop, 1.0),
        color_jitter=None,
        interpolation="bilinear",
        mean=data_config["mean"],
        std=data_config["std"],
    )
    generator = torch.Generator().manual_seed(recipe.seed * 10_007 + run.epoch)
    order = torch.randperm(len(images), generator=generator).tolist()
    # At least one worker: reading seeds the process's generators, which are not ours to touch.
    return DataLoader(
        Subset(images, order[run.step * recipe.batch :]),
        recipe.batch,
        drop_last=True,
        num_workers=min(2, os.cpu_count() or 1),
        generator=generator,
    )


def optimizer_for(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Nesterov SGD; biases, norms (timm's rule) and gates (the network's) are not decayed."""
    optimizer: torch.optim.Optimizer = create_optimizer_v2(
        model, "sgd", recipe.peak_lr, recipe.weight_decay, recipe.momentum
    )
    return optimizer


def show(recipe: Recipe, run: Iterator[Progress]) -> None:
    """Follow a run with a progress bar, and a line at each epoch's end."""
    bar: tqdm[None] | None = None
    for news in run:
        if news.epoch_end:
            figures = ", ".join(f"{k} {v:.3f}" for k, v in news.epoch_end.items())
            tqdm.write(f"epoch {news.epoch + 1} of {recipe.epochs}: {figures}")
            continue
        if bar is None or news.step == 1:
            bar = tqdm(total=news.steps, initial=news.step - 1, unit="step")
            bar.set_description(f"epoch {news.epoch + 1} of {recipe.epochs}, {news.side} px")
        bar.set_postfix(loss=f"{news.loss:.3f}", refresh=False)
        bar.update()
        if news.step == news.steps:
            bar.close()
