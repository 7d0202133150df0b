"""Measures how well a network's answer tells photographs of its classes from those of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from timm.data import create_transform
from torch import Tensor

from seviz.errors import UserError
from seviz.measuring.measure import Answers, collect_answers
from seviz.photos.dataset import InOrder, LabelledImages, batch_for
from seviz.records.numbers import Floats
from seviz.reference.unknown import FAMILIARITIES, KNOWN_BELOW, Values
from seviz.zoo.catalogue import find
from seviz.zoo.device import device
from seviz.zoo.models import build_network
from seviz.zoo.sources import Source


@dataclass(frozen=True)
class Separation:
    """How far a value separates images of known classes (known) from others (unknown).

    threshold: below it is a share known_below of the known images; unknown_below: and this share of
    the others; auroc: how often a known image has a greater value than another, ties counted half.
    The last two are None where there are no others.
    """

    known: int
    unknown: int
    threshold: float
    known_below: float
    unknown_below: float | None
    auroc: float | None


def separate(known: Values, unknown: Values, share: float = KNOWN_BELOW) -> Separation:
    """Put the threshold at a share of the known images' values, linear between two of them."""
    threshold = float(np.quantile(known, share))
    others = len(unknown) > 0
    return Separation(
        known=len(known),
        unknown=len(unknown),
        threshold=threshold,
        known_below=float((known < threshold).mean()),
        unknown_below=float((unknown < threshold).mean()) if others else None,
        auroc=auroc(known, unknown) if others else None,
    )


def auroc(known: Values, unknown: Values) -> float:
    """Return how often a known image's value exceeds an unknown one's, ties counted half."""
    ordered = np.sort(unknown)
    below, not_above = (np.searchsorted(ordered, known, side) for side in ("left", "right"))
    return float((below + not_above).mean() / 2 / len(unknown))


def separations(
    keys: Sequence[str], data: Path, *, loaders: int | None = None
) -> dict[str, dict[str, Separation]]:
    """Measure networks on all “val” images: for each, the separation by each of FAMILIARITIES.

    The networks have one preprocessing and number of classes, and take each image in turn. Images
    of classes that a network does not have are the unknown ones. UserError where images can't be
    read, a class of a network is missing, or a network has no temperature.
    """
    sources = [find(key) for key in keys]
    images = LabelledImages(data, "val")
    temperatures = [_check(source, images) for source in sources]
    answers = _answer(sources, images, loaders=loaders)
    names = np.array(images.classes)[answers.labels.numpy()]
    found = {}
    for place, (source, temperature) in enumerate(zip(sources, temperatures, strict=True)):
        known = np.isin(names, source.folders or ())
        logits: Floats = answers.logits[:, place].numpy()
        values = {name: of(logits, temperature) for name, of in FAMILIARITIES.items()}
        found[source.key] = {name: separate(v[known], v[~known]) for name, v in values.items()}
    return found


def _check(source: Source, images: LabelledImages) -> float:
    """Return a network's temperature; UserError where it or a class of the network is missing."""
    if source.temperature is None:
        raise UserError(f"{source.title} has no temperature; its answers are not calibrated.")
    if lacking := sorted(set(source.folders or ()) - set(images.classes)):
        raise UserError(f"In {images.root}, the class folder {lacking[0]} is missing.")
    return source.temperature


def _answer(sources: Sequence[Source], images: LabelledImages, *, loaders: int | None) -> Answers:
    """Return the logits of all images, N×networks×K, and the numbers of their folders."""
    where, config = device(), sources[0].config
    if any(source.config != config for source in sources):
        raise ValueError("networks of several preprocessings")
    networks = [
        build_network(source).to(where).to(memory_format=torch.channels_last) for source in sources
    ]

    def ask(x: Tensor) -> Tensor:
        return torch.stack([network(x) for network in networks], 1)

    loader = InOrder(images, create_transform(**config), batch_for(config), loaders=loaders)
    return collect_answers(ask, loader, where)


def mean_over_networks(found: dict[str, dict[str, Separation]]) -> dict[str, dict[str, float]]:
    """Return the mean AUROC and unknown_below, by the value's name; each network met unknowns."""
    return {
        name: {
            part: float(np.mean([getattr(by_name[name], part) for by_name in found.values()]))
            for part in ("auroc", "unknown_below")
        }
        for name in FAMILIARITIES
    }
