"""Measures a network of the catalogue on labelled images, for the command `evaluate`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from seviz.errors import UserError
from seviz.measuring.as_upload import AsPhotograph
from seviz.measuring.intervals import wilson
from seviz.measuring.measure import Answers, collect_answers, multiply_adds
from seviz.measuring.predictions import Predictions
from seviz.passes.logits import logits_of
from seviz.photos.dataset import batch_for
from seviz.photos.loader import Images, Loader
from seviz.photos.sources import Reading
from seviz.photos.used import ImagesUsed
from seviz.records.arms import INTACT
from seviz.records.numbers import SIGMOID
from seviz.zoo import models
from seviz.zoo.catalogue import find
from seviz.zoo.device import device
from seviz.zoo.sources import Source


@dataclass(frozen=True)
class Evaluation:
    """The measurements of a network; top1 and top5 are shares of the images, macs for one image.

    nll is the mean negative log-likelihood in nats; temperature divides the logits for calibrated
    probabilities, and is fitted on the same images. used: which images these are. The intervals
    are Wilson's of 95 %, over the choice of images.
    """

    model: str
    images: int
    top1: float
    top5: float
    nll: float
    temperature: float
    parameters: int
    macs: int
    images_per_second: float
    used: ImagesUsed
    top1_interval: tuple[float, float]
    top5_interval: tuple[float, float]


ON_VAL = Reading()


def evaluate(
    key: str,
    data: Path | str,
    photographs: bool = False,
    *,
    loaders: int | None = None,
    predictions: Path | None = None,
    reading: Reading = ON_VAL,
) -> Evaluation:
    """Measure a network on the “val” images of a data set, or on all where it has no splits.

    data: as of `seviz.photos.sources.open_images`. Its classes may be some of the network's, whose
    answer is one of all its classes. photographs: each image is first enlarged and saved as a JPEG,
    as if uploaded, and read as the app reads it (`AsPhotograph`); loaders: as of
    `seviz.photos.dataset.count_loaders`; predictions: a file for each image's answer
    (`Predictions`); reading: which images are read. Raises UserError where a class is not of the
    network's, or an image can't be read and `reading` does not leave it out.
    """
    source, where = find(key), device()
    model = models.build_network(source).to(where).to(memory_format=torch.channels_last)
    batch = batch_for(source.config)
    loader = image_loader(
        source, data, batch=batch, photographs=photographs, loaders=loaders, reading=reading
    )
    ask, names = partial(logits_of, model, title=source.title), list[str]()
    result = collect_answers(ask, loader.pairs(names), where)
    if not result.logits.isfinite().all():
        raise UserError(f"{source.title} overflows on some images; it can't be measured.")
    images = len(result.labels)
    if predictions is not None:
        save_answers(predictions, result, names=names, arms=[INTACT.name], labels=source.labels)
    return Evaluation(
        model=source.key,
        images=images,
        top1=result.top(1),
        top5=result.top(5),
        nll=result.nll(),
        temperature=result.temperature(),
        parameters=sum(p.numel() for p in model.parameters()),
        macs=multiply_adds(model, source.input_size),
        images_per_second=result.images_per_second,
        used=loader.used(),
        top1_interval=wilson(result.top(1), images),
        top5_interval=wilson(result.top(5), images),
    )


def save_answers(
    path: Path,
    answers: Answers,
    *,
    names: Sequence[str],
    arms: Sequence[str],
    labels: Sequence[str],
) -> None:
    """Write each image's answer in each arm, as `Predictions`, of logits N×K or N×arms×K."""
    logits = answers.logits.view(len(names), len(arms), -1).numpy()
    Predictions(names, arms, labels, answers.labels.numpy(), logits).save(path)


def image_loader(
    source: Source,
    data: Path | str,
    *,
    batch: int,
    photographs: bool,
    loaders: int | None = None,
    reading: Reading = ON_VAL,
) -> Loader:
    """Load images through a network's transform, with classes in the network's order.

    UserError where the network does not choose one class of several.
    """
    images = labelled_images(source, data, reading)
    transform = models.photo_transform(source.config)
    transform = AsPhotograph(transform) if photographs else transform
    return Loader(
        images, transform, batch, loaders=loaders, skip_unreadable=reading.skip_unreadable
    )


def labelled_images(source: Source, data: Path | str, reading: Reading) -> Images:
    """Open images with classes in the network's order; UserError as of `image_loader`."""
    if source.head == SIGMOID or not source.labels:
        lacks = "gives each class its own probability" if source.labels else "has no head"
        raise UserError(
            f"{source.title} {lacks}: it has no top-1 accuracy, which is measured here."
        )
    images = reading.open(data)
    images.match_classes(source.folders, source.labels)
    return images
