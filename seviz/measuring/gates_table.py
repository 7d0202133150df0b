"""The gates of many photographs in one table, for the command `gates`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from seviz.errors import UserError
from seviz.measuring.gates_files import PhotoGates, gates_file
from seviz.passes.capture import Captures, capture
from seviz.passes.dispatch import ZOO, fetch
from seviz.photos.dataset import batch_for, count_loaders
from seviz.photos.several import Photograph
from seviz.records.trace import Answer
from seviz.watch import Watch
from seviz.zoo.models import LoadedModel


def write_gates(
    key: str,
    photographs: Sequence[Photograph],
    path: Path,
    *,
    loaders: int | None = None,
    watch: Watch | None = None,
) -> list[str]:
    """Write z and s of all photographs and blocks with the answers into one file.

    path: as of `gates_file`; loaders: as of `count_loaders`. Returns a sentence about each
    photograph that could not be read; UserError, and no file, where none could.
    """
    loaded, refused = ZOO.get(fetch(key)), list[str]()
    batches = _read(loaded, photographs, loaders)
    with gates_file(path, loaded.probe.sites) as add:
        done = 0
        for batch in batches:
            done += len(batch)
            refused += [error for _, error in batch if isinstance(error, str)]
            for found in _gates(loaded, photographs, batch):
                if isinstance(found, str):
                    refused.append(found)
                else:
                    add(found)
            if watch:
                watch.report(done / len(photographs))
        if len(refused) == len(photographs):
            raise UserError("\nseviz: ".join(refused))
    return refused


Read = tuple[int, Tensor | str]  # a photograph's number, and its image or why it can't be read


class _Images(Dataset[Read]):
    """Photographs as a network gets them."""

    def __init__(self, photographs: Sequence[Photograph], loaded: LoadedModel) -> None:
        self._photographs, self._transform = photographs, loaded.transform

    def __len__(self) -> int:
        return len(self._photographs)

    def __getitem__(self, i: int) -> Read:
        try:
            return i, self._transform(self._photographs[i].read())
        except UserError as error:
            return i, str(error)


def _read(
    loaded: LoadedModel, photographs: Sequence[Photograph], loaders: int | None
) -> "DataLoader[Read]":
    """Read photographs in order, in batches, by as many processes as have work."""
    batch = batch_for(loaded.source.config)
    processes = min(count_loaders(loaders), -(-len(photographs) // batch))
    return DataLoader(_Images(photographs, loaded), batch, num_workers=processes, collate_fn=list)


def _gates(
    loaded: LoadedModel, photographs: Sequence[Photograph], batch: Sequence[Read]
) -> Iterator[PhotoGates | str]:
    """Yield the gates of a batch's photographs, or a sentence where the network overflows."""
    read = [(photographs[i], image) for i, image in batch if isinstance(image, Tensor)]
    if not read:
        return
    captured = capture(loaded, torch.stack([image for _, image in read]))
    for row, (photo, _) in enumerate(read):
        values = (*(s[row] for s in captured.s.values()), captured.logits[row])
        if all(np.isfinite(of).all() for of in values):
            yield _photo_gates(loaded, photo, captured, row=row)
        else:
            yield f"{photo.name}: {loaded.title} overflows on this photograph."


def _photo_gates(
    loaded: LoadedModel, photo: Photograph, captured: Captures, *, row: int
) -> PhotoGates:
    answered = ("", float("nan"), float("nan"))
    if loaded.labels:
        best = Answer.of(captured.logits[row], loaded.labels, head=loaded.head)
        answered = (best.label, best.probability, best.logit)
    folder = photo.class_folder
    return PhotoGates(
        photo.name,
        loaded.source.class_names.get(folder, folder),
        *answered,
        z={name: z[row] for name, z in captured.z.items()},
        s={name: s[row] for name, s in captured.s.items()},
    )
