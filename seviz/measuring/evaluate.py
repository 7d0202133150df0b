"""The command `evaluate`: what a network of the catalogue is worth on labelled images."""

from dataclasses import dataclass
from pathlib import Path

import torch
from timm.data import create_transform
from torch import Tensor
from torch.utils.data import DataLoader

from seviz.errors import UserError
from seviz.measuring.as_upload import AsPhotograph
from seviz.measuring.measure import answers, multiply_adds
from seviz.photos.dataset import LabelledImages, batch_for, read_in_order
from seviz.zoo import models
from seviz.zoo.catalogue import find
from seviz.zoo.device import device
from seviz.zoo.sources import Source


@dataclass(frozen=True)
class Evaluation:
    """What was measured; top1 and top5 are shares of the images, macs are for one image.

    nll is the mean negative log-likelihood in nats; temperature is what the logits should be
    divided by for honest probabilities, fitted on these very images.
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


def evaluate(
    key: str, data: Path, photographs: bool = False, *, loaders: int | None = None
) -> Evaluation:
    """Measure a network on the “val” images of a folder or zip of class folders.

    photographs: each image is first made what people upload, large and a JPEG, and read as the app
    reads it (`AsPhotograph`); loaders: as of `seviz.photos.dataset.count_loaders`. Raises UserError
    where the classes are not the network's.
    """
    source, where = find(key), device()
    model = models.build_network(source).to(where).to(memory_format=torch.channels_last)
    batch = batch_for(source.config)
    loader = reader(source, data, batch=batch, photographs=photographs, loaders=loaders)
    said = answers(model, loader, where)
    if not said.logits.isfinite().all():
        raise UserError(f"{source.title} overflows on some images; it can't be measured.")
    return Evaluation(
        model=source.key,
        images=len(said.labels),
        top1=said.top(1),
        top5=said.top(5),
        nll=said.nll(),
        temperature=said.temperature(),
        parameters=sum(p.numel() for p in model.parameters()),
        macs=multiply_adds(model, source.input_size),
        images_per_second=said.images_per_second,
    )


def reader(
    source: Source,
    data: Path,
    *,
    batch: int,
    photographs: bool,
    loaders: int | None = None,
) -> DataLoader[tuple[Tensor, int]]:
    """Read the “val” images as a network wants them, its classes numbered as it does."""
    images = LabelledImages(data, "val")
    images.match_classes(source.folders, len(source.labels))
    see = create_transform(**source.config)
    return read_in_order(images, AsPhotograph(see) if photographs else see, batch, loaders=loaders)
