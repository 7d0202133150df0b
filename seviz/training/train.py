"""Training of the embedded network, resumable at any step.

An epoch's images, order and augmentations follow from (seed, epoch, image) alone. So a killed run
of a number of epochs continues exactly (on the CPU), and one of a number of minutes continues with
the remaining time. Images grow late in the run, because an epoch at half the side costs a quarter;
the norms' statistics are measured at full size at the end. Until the rate decays, the number of
epochs can still be changed; folder/steady.pt is the checkpoint of that moment.
"""

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
from tqdm import tqdm

from seviz.errors import UserError
from seviz.files import make_folder
from seviz.photos.image_set import ImageSet
from seviz.photos.sources import USUAL, Access, open_set
from seviz.training.clock import Clock
from seviz.training.conclude import Ending
from seviz.training.decoded import decode, fits
from seviz.training.feed import Batch, Feed, FromDisk, FromMemory
from seviz.training.forward import Forward
from seviz.training.norms import add_gate_norms, add_head_norm
from seviz.training.recipe import Recipe, Run
from seviz.training.restart import restart_gates
from seviz.training.start_weights import fingerprint, load_start
from seviz.training.teacher import teacher_answers
from seviz.zoo.device import device

SAVE_SECONDS = 60.0
SAMPLE_IMAGES = 512
REPORT_STEPS = {"cuda": 20}  # steps between reports: reading a loss makes a GPU wait for the CPU


@dataclass(frozen=True)
class Progress:
    """A step's report for a progress bar; epoch_end: the epoch's figures, at its end only."""

    epoch: int
    step: int
    steps: int
    side: int
    loss: float
    epoch_end: dict[str, float] | None = None


def train(
    recipe: Recipe,
    data: Path | str,
    folder: Path,
    *,
    start: Path | None = None,
    loaders: int | None = None,
    began: float | None = None,
    access: Access = USUAL,
) -> Iterator[Progress]:
    """Train recipe.model on data's “train” split and measure it on “val”; checkpoints in folder.

    data, access: as of `seviz.photos.sources.open_set`; start: weights of an earlier run
    (.safetensors); loaders: processes that read images, None for one per core; began: the moment,
    by time.monotonic, from which the recipe's minutes count, None for now. Yields after each step,
    on a GPU after every twentieth. The last checkpoint, folder/last.pt, holds the finished network.
    """
    began = time.monotonic() if began is None else began
    recipe = replace(recipe, start=fingerprint(start) if start else "")
    torch.manual_seed(recipe.seed)
    images, val = (open_set(data, split, access=access) for split in ("train", "val"))
    _check(recipe, data, train=images, val=val)
    for note in dict.fromkeys([*images.notes(), *val.notes()]):
        tqdm.write(note)
    run = _start_or_resume(recipe, images, folder, start=start)
    if run.finished:
        return
    config = resolve_model_data_config(run.model)
    feed = _feed(run, images, config=config, loaders=loaders, start=start)
    ending = Ending(images, val, config, loaders)
    clock = Clock(run, len(images) // recipe.batch, began)
    if recipe.minutes:
        clock.reserve(ending.seconds(run))
    if recipe.compiled:
        run.model.compile(dynamic=False)  # compiled once for each side of the images
    try:
        yield from _epochs(run, feed, ending=ending, clock=clock, folder=folder)
    except BackendCompilerFailed as error:
        raise UserError(
            "--compiled found no working compiler (g++ for a CPU, Triton for CUDA); "
            "install one, or train without --compiled."
        ) from error


def _start_or_resume(recipe: Recipe, images: ImageSet, folder: Path, *, start: Path | None) -> Run:
    """Make a new run, or load the checkpoint of a stopped one."""
    model = timm.create_model(recipe.model, num_classes=len(images.classes))
    resumes = (folder / "last.pt").exists()
    before = load_start(model, start) if start and not resumes else {}
    norms = recipe.head_norm or recipe.gate_norms
    sample = _read_sample(images, model, recipe) if norms and start and not resumes else None
    if recipe.head_norm:
        add_head_norm(model, sample)
    if recipe.gate_norms:
        add_gate_norms(model, sample)
    if sample is not None:
        restart_gates(model, sample)
    model.to(device(), memory_format=torch.channels_last)
    torch.backends.cudnn.benchmark = True  # all batches of a side have one shape
    run = Run(recipe, images.classes, model, optimizer_for(model, recipe), before=before)
    make_folder(folder)
    if resumes:
        run.load(folder / "last.pt", folder / "steady.pt")
    return run


def _read_sample(images: ImageSet, model: nn.Module, recipe: Recipe) -> Tensor:
    """Read images without augmentation, N×3×S×S, for means over a network's features."""
    generator = torch.Generator().manual_seed(recipe.seed)
    seen = copy(images)
    seen.transform = create_transform(**resolve_model_data_config(model))
    chosen = torch.randperm(len(images), generator=generator)[:SAMPLE_IMAGES].tolist()
    return torch.stack([seen[i][0] for i in chosen])


def _epochs(
    run: Run, feed: Feed, *, ending: Ending, clock: Clock, folder: Path
) -> Iterator[Progress]:
    """Train until the run is finished, and measure the network."""
    forward = Forward(run.model, run.recipe.bfloat16, graphs=not run.recipe.compiled)
    while not run.finished:
        yield from _epoch(run, feed, forward=forward, clock=clock, checkpoint=folder / "last.pt")
        figures = {"loss": float(run.loss_sum) / max(run.step, 1)}
        last = run.epoch + 1 == run.recipe.epochs and not run.recipe.minutes
        if last or clock.is_over():
            with torch.compiler.set_stance("force_eager"):  # at a size that training does not use
                figures |= ending.conclude(run)
        clock.update()
        report = _close_epoch(run, clock.steps, figures)
        run.save(folder / "last.pt")
        if run.epoch == run.recipe.epochs_before_decay and not run.recipe.minutes:
            run.save(folder / "steady.pt")
        yield report


def _check(recipe: Recipe, data: Path | str, *, train: ImageSet, val: ImageSet) -> None:
    """Raise a UserError for an unknown network, or data that can't be trained on."""
    if not timm.is_model(recipe.model):
        raise UserError(
            f"--model {recipe.model} is not an architecture of timm; see timm.list_models()."
        )
    if odd := set(train.classes) ^ set(val.classes):
        raise UserError(f"“train” and “val” of {data} need the same classes; see {min(odd)}.")
    if recipe.taught and not recipe.start:
        raise UserError("--taught needs weights to learn from; give them with --start FILE.")
    if len(train) < recipe.batch:
        raise UserError(
            f"{data} has {len(train)} images to train on, less than one batch of {recipe.batch}; "
            "give more images, or a smaller --batch."
        )


def _feed(
    run: Run,
    images: ImageSet,
    *,
    config: dict[str, Any],
    loaders: int | None,
    start: Path | None,
) -> Feed:
    """Return the source of batches: images in memory where they fit, else read each epoch."""
    where = next(run.model.parameters()).device
    if fits(len(images), where):
        decoded = decode(images, loaders).to(where)
        if start and run.recipe.taught:
            teacher = teacher_answers(run.recipe, start, decoded, classes=len(images.classes))
            return FromMemory(decoded, teacher)
        return FromMemory(decoded)
    tqdm.write(f"{len(images):,} images don't fit into memory, so each epoch reads them anew.")
    if run.recipe.memory_options:
        left_out = " and ".join(f"--{name}" for name in run.recipe.memory_options)
        tqdm.write(f"Without images in memory, the run leaves out {left_out}.")
    return FromDisk(images, config, where, loaders)


def _epoch(
    run: Run, feed: Feed, *, forward: Forward, clock: Clock, checkpoint: Path
) -> Iterator[Progress]:
    """Train from run.step to the end of the epoch, or of the run."""
    recipe, saved, side = run.recipe, time.monotonic(), 0
    every = REPORT_STEPS.get(next(run.model.parameters()).device.type, 1)
    run.model.train()
    for batch in feed.epoch(
        recipe, run.epoch, run.step, side=lambda: recipe.side(clock.position())
    ):
        if clock.is_over():
            break
        rate, side = recipe.lr(clock.position()), batch.images.shape[-1]
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        loss = training_step(forward, run.optimizer, batch, recipe=recipe)
        run.loss_sum = run.loss_sum + loss.double()
        run.step, run.images = run.step + 1, run.images + recipe.batch
        if run.average:
            run.average.update_parameters(run.model)
        if (now := time.monotonic()) - saved > SAVE_SECONDS:
            clock.update()
            run.save(checkpoint)
            saved = now
        if run.step % every == 0:
            yield Progress(run.epoch, run.step, clock.steps, side, float(run.loss_sum) / run.step)


def training_step(
    forward: Forward | nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, *, recipe: Recipe
) -> Tensor:
    """Take one step of gradient descent on a batch; returns its loss, on the device."""
    logits, smoothing = forward(batch.images), recipe.smoothing
    loss = nn.functional.cross_entropy(logits, batch.labels, label_smoothing=smoothing)
    if batch.other is not None:
        other = nn.functional.cross_entropy(logits, batch.other, label_smoothing=smoothing)
        loss = torch.lerp(other, loss, batch.share)
    if batch.teacher is not None:
        loss = torch.lerp(loss, nn.functional.cross_entropy(logits, batch.teacher), recipe.taught)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()


def _close_epoch(run: Run, steps: int, figures: dict[str, float]) -> Progress:
    """Append the epoch to the history and start the next."""
    report = Progress(run.epoch, run.step, steps, 0, figures["loss"], figures)
    run.history.append(figures)
    run.epoch, run.step, run.loss_sum = run.epoch + 1, 0, 0.0
    return report


def optimizer_for(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Return Nesterov SGD; biases, norms and the gates' weights are not decayed."""
    optimizer: torch.optim.Optimizer = create_optimizer_v2(
        model, "sgd", recipe.peak_lr, recipe.weight_decay, recipe.momentum
    )
    return optimizer


def show(recipe: Recipe, run: Iterator[Progress]) -> None:
    """Show a run's progress as a bar, with a line at each epoch's end."""
    bar: tqdm[None] | None = None
    of = "" if recipe.minutes else f" of {recipe.epochs}"
    try:
        for news in run:
            if news.epoch_end:
                figures = ", ".join(f"{k} {v:.3f}" for k, v in news.epoch_end.items())
                tqdm.write(f"epoch {news.epoch + 1}{of}: {figures}")
                if bar is not None:
                    bar.close()
                bar = None
                continue
            if bar is None:
                bar = tqdm(total=news.steps, initial=news.step - 1, unit="step")
            bar.set_description(f"epoch {news.epoch + 1}{of}, {news.side} px", refresh=False)
            bar.set_postfix(loss=f"{news.loss:.3f}", refresh=False)
            bar.update(news.step - bar.n)
    finally:
        if bar is not None:
            bar.close()  # before the sentence of an error
