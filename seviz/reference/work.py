"""The gathering of what a network does over a data set, alone or with other processes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from safetensors.numpy import load as from_bytes
from tqdm import tqdm

from seviz.photos.batch import Batch
from seviz.photos.dataset import MOST_LOADERS, batch_for, cores
from seviz.photos.image_set import ImageSet
from seviz.photos.loader import Images, Loader, Transform, all_pieces, count_images
from seviz.reference.gathering import Gathering
from seviz.reference.parts import Parts, Share, packed, rest
from seviz.reference.world import ALONE, World
from seviz.zoo.models import LoadedModel

SAVE_SECONDS = 60.0
KNOWN_NAMES = 64  # of a set's images, by which another set of as many images is told


class Work:
    """What this process gathers of a data set: its share of the images.

    The first process has all of it, in `gathering`, after `join`.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        images: Images,
        gathering: Gathering,
        *,
        data: str,
        transform: Transform | None = None,
        loaders: int | None = None,
        skip_unreadable: bool = False,
        parts: Path | None = None,
        world: World = ALONE,
    ) -> None:
        """Deal the images that are in no part.

        images: with their classes matched; gathering: what is wanted of them, with nothing gathered
        yet; transform: in place of the network's; the other arguments are as of `gather_shared`.
        """
        self.loaded, self.images, self.data, self._world = loaded, images, data, world
        self.gathering = gathering
        batch = batch_for(loaded.source.config)
        self._parts = Parts(parts, self._facts(batch)) if parts else None
        mine = self._parts.shares() if self._parts else {}
        everyones = world.everyones(mine)
        before = {name: share for shares in everyones for name, share in shares.items()}
        todo = rest(all_pieces(images, batch), before.values())
        self._loader = Loader(
            images,
            transform or loaded.transform,
            batch,
            loaders=_loaders(loaders, world),
            skip_unreadable=skip_unreadable,
            pieces=todo[world.rank :: world.size],
        )
        # Of the parts that several processes can read, each reads some.
        self._older = [
            name
            for i, name in enumerate(sorted(before))
            if (readers := [rank for rank, shares in enumerate(everyones) if name in shares])
            and readers[i % len(readers)] == world.rank
        ]
        self._done_before = sum(share.seen.total() for share in before.values())
        self.share, self._shares = Share(), mine

    def _facts(self, batch: int) -> dict[str, object]:
        """Return what the parts of one work have in common."""
        source, images = self.loaded.source, self.images
        if isinstance(images, ImageSet):
            some = np.linspace(0, len(images) - 1, min(KNOWN_NAMES, len(images))).astype(int)
            extent = [len(images), *(images.name(i) for i in some.tolist())]
        else:
            extent = [images.shards]
        return {
            "network": [source.identity, source.digest, source.pixels, batch],
            "data": [self.data, images.part, images.limit, images.classes, extent],
            **self.gathering.facts(),
        }

    def take(self, *, quiet: bool = False, every: float = SAVE_SECONDS) -> None:
        """Gather this process's share, and wait for the others; quiet hides the progress.

        every: seconds between the files of what has been gathered.
        """
        for note in () if quiet else self._notes():
            tqdm.write(note)
        with tqdm(
            total=count_images(self.images),
            initial=self._done_before,
            unit="image",
            disable=quiet,
            smoothing=0.1,
        ) as bar:
            written = self._take(bar, every)
            if self._parts and written:
                self._save(self._parts)
            for _ in self._world.finish():
                self._show(bar, 0)
            self._show(bar, 0)
        self.share = Share.of(self._loader)

    def _take(self, bar: "tqdm[None]", every: float) -> bool:
        """Gather this process's share; returns whether a file of it was written.

        A batch is added to what has been gathered while the network sees the next one.
        """
        saved, written, adding = time.monotonic(), False, None
        with ThreadPoolExecutor(1) as adder:
            for batch in self._batches():
                found = self.gathering.ask(batch)
                if adding:
                    adding.result()
                adding = adder.submit(self.gathering.add, batch, found)
                self._show(bar, len(batch))
                if self._parts and time.monotonic() - saved >= every:
                    adding.result()  # what is saved has all that the loader has given
                    self._save(self._parts)
                    saved, written = time.monotonic(), True
            if adding:
                adding.result()
        return written

    def _notes(self) -> Iterator[str]:
        """Yield what to say before."""
        if self._done_before:
            yield f"{self._done_before:,} images had been gathered before the last run stopped."
        if isinstance(self.images, ImageSet):
            return
        pieces, processes = len(all_pieces(self.images, 1)), self._world.size
        if pieces < processes:
            yield (
                f"{self.data} is read in {pieces} piece{'s' * (pieces > 1)}, so of the "
                f"{processes} processes some have nothing to do."
            )

    def _batches(self) -> Iterator[Batch]:
        if self._loader.pieces:
            yield from self._loader

    def _show(self, bar: "tqdm[None]", images: int) -> None:
        """Show what all processes have done, this one so many images more."""
        if self._world.size == 1:
            bar.update(images)
        else:
            bar.update(self._done_before + self._world.count(images) - bar.n)

    def _save(self, parts: Parts) -> None:
        parts.write(Share.of(self._loader), self.gathering.arrays())

    def join(self) -> None:
        """Add what earlier runs and, in the first process, the others have gathered."""
        for name in self._older:
            assert self._parts is not None
            self.gathering.merge(self._parts.read(name))
            self.share.merge(self._shares[name])
        shares = self._world.everyones(self.share)
        if self._world.rank:
            self._world.send(packed(self.gathering.arrays()))
            return
        for rank, share in enumerate(shares[1:], 1):
            self.gathering.merge(from_bytes(self._world.receive(rank)))
            self.share.merge(share)


def _loaders(wished: int | None, world: World) -> int | None:
    """Return the number of processes that read images, by default this process's part of cores."""
    if wished is not None or world.size == 1:
        return wished
    return max(1, min(MOST_LOADERS, cores() // world.on_machine))
