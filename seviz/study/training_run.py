"""One run of the study: a variant trained from a seed, on one thread, and measured.

Everything follows from (recipe, seed, images), and one thread adds in one order, so a run repeated
on the same kind of processor gives the same weights to the last bit, whatever else the machine
does. Runs are short, so a killed run starts over.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.optim.swa_utils import update_bn

from seviz.measuring.measure import answers
from seviz.nets.variants import VARIANTS
from seviz.training.decoded import Decoded
from seviz.training.feed import Batch
from seviz.training.recipe import Recipe
from seviz.training.rounding import round_weights
from seviz.training.train import optimizer_for, training_step

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Images:
    """The images of a run, to train on and to measure on, and their classes."""

    train: Decoded
    val: Decoded
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A run's network, in eval mode, and its figures: accuracies are shares of the images."""

    model: nn.Module
    loss: float  # of the last epoch
    top1: float
    top5: float
    temperature: float


def train_and_measure(
    recipe: Recipe, images: Images, step: Callable[[], None] = lambda: None
) -> Outcome:
    """Train and measure the variant recipe.model; step: called before each training step.

    The caller must limit torch to one thread (`torch.set_num_threads`).
    """
    torch.manual_seed(recipe.seed)
    model = VARIANTS[recipe.model].build(len(images.classes))
    model.to(memory_format=torch.channels_last)
    optimizer = optimizer_for(model, recipe)
    loss = 0.0
    for epoch in range(recipe.epochs):
        generator = torch.Generator().manual_seed(recipe.seed * 10_007 + epoch)
        losses: list[float] = []
        steps = len(images.train) // recipe.batch
        model.train()
        for x, y in images.train.shuffled_batches(recipe.batch, recipe.side(epoch), generator):
            step()
            for group in optimizer.param_groups:
                group["lr"] = recipe.lr(epoch + (len(losses) + 0.5) / steps)
            losses.append(training_step(model, optimizer, Batch(x, y), recipe=recipe).item())
        loss = sum(losses) / max(len(losses), 1)
    # The norms' final statistics are of whole images at full size (FixRes, arXiv 1906.06423).
    update_bn((x for x, _ in images.train.whole_batches(recipe.batch, recipe.settle)), model)
    model.load_state_dict(
        round_weights(model.state_dict())
    )  # so that the shipped weights are measured
    result = answers(model, images.val.whole_batches(recipe.batch), CPU)
    return Outcome(model.eval(), loss, result.top(1), result.top(5), result.temperature())
