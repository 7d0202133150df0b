"""Passes a collection of photographs through a network, as trained."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from seviz.errors import UserError
from seviz.passes.answer_cache import not_kept
from seviz.passes.batch_size import BatchSizes
from seviz.passes.capture import Captures, capture
from seviz.passes.gpu_seconds import counts
from seviz.photos.class_folders import number_folders
from seviz.photos.collect import AT_ONCE, decode_kept
from seviz.records.collection import Collection, Photographs
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel
from seviz.zoo.sources import Source


@not_kept
@counts(lambda _, photographs, **__: len(photographs))
def pass_collection(
    loaded: LoadedModel, photographs: Photographs, *, watch: Watch | None = None
) -> Collection:
    """Pass photographs through a network, batch by batch.

    UserError where an answer is not finite; Stopped where the watch stops the work.
    """
    progress, parts = Progress(watch, len(photographs)), []
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def work(start: int, stop: int) -> Captures:
            # Only what needs no torch is done in other threads: each would have a team of its own.
            photos = pool.map(decode_kept, photographs.photos[start:stop])
            return capture(loaded, torch.stack([loaded.transform(photo) for photo in photos]))

        sizes, before = BatchSizes.of(loaded).forward, 0
        for stop, captured in sizes.batches(len(photographs), work):
            parts.append(captured)
            progress.add(stop - before)
            before = stop
    logits = np.concatenate([part.logits for part in parts])
    for photo, finite in zip(photographs.photos, np.isfinite(logits).all(1), strict=True):
        if not finite:
            raise UserError(
                f"The answer of {loaded.title} to {photo.name} overflows; choose another network."
            )
    sites = loaded.probe.sites
    return Collection(
        photographs=photographs,
        model=loaded.key,
        sites=sites,
        labels=loaded.labels,
        z={site.name: np.concatenate([part.z[site.name] for part in parts]) for site in sites},
        s={site.name: np.concatenate([part.s[site.name] for part in parts]) for site in sites},
        logits=logits,
        head=loaded.head,
        targets=class_targets(photographs.folders, loaded.source),
    )


def class_targets(folders: tuple[str, ...], source: Source) -> dict[str, int]:
    """Return which of a network's classes each class folder is, by name or label, where it is."""
    found: dict[str, int] = {}
    for folder in folders:
        try:
            found |= number_folders(
                [folder], source.folders or (), source.labels, root=Path(folder)
            )
        except UserError:
            continue
    return found
