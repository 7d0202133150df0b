"""Reads the images of any data set in batches, each once and without augmentation."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from heapq import nsmallest
from itertools import islice
from typing import Any

from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, Sampler, get_worker_info

from seviz.errors import UserError
from seviz.photos.batch import Batch, Piece, Read, Unreadable, as_batch
from seviz.photos.dataset import batches, count_loaders
from seviz.photos.image_set import ImageSet
from seviz.photos.image_stream import Damaged, ImageStream, stable_index
from seviz.photos.stored import Stored, decode_stored
from seviz.photos.used import ImagesUsed, group
from seviz.phrases import printable

PIECE = 1024  # images of a set that are dealt to a process at a time, where there are many
PIECES = 64  # that smaller sets are dealt in
Images = ImageSet | ImageStream
Transform = Callable[[Image.Image], Tensor]


class Loader:
    """Batches of images, which are the same however many processes read.

    A set with a limit is read at the first positions of a fixed random order, and a stream with one
    from its start, by one process. seen: the images that have been yielded, by label; unreadable:
    those that were left out; taken and ended: as of `Batch`, of all that has been yielded.
    """

    def __init__(
        self,
        images: Images,
        transform: Transform,
        batch: int,
        *,
        loaders: int | None = None,
        skip_unreadable: bool = False,
        pieces: Sequence[Piece] | None = None,
    ) -> None:
        """Read nothing yet.

        loaders: as of `count_loaders`. skip_unreadable: leave out images that can't be read, of
        which the first else raises UserError. pieces: read these alone, whose
        numbers rise; by default all of `all_pieces`.
        """
        self.images, self.skip, self._batch = images, skip_unreadable, batch
        self.pieces = all_pieces(images, batch) if pieces is None else list(pieces)
        self.seen: Counter[int] = Counter()
        self.taken: Counter[int] = Counter({piece.number: piece.start for piece in self.pieces})
        self.ended: set[int] = set()
        self.unreadable = Unreadable()
        self.num_workers = count_loaders(loaders)
        if isinstance(images, ImageSet):
            positions = _Positions(images, self.pieces, piece_size(images, batch))
            self._loader: DataLoader[Any] = DataLoader(
                _Pictures(images, transform),
                batch,
                sampler=positions,
                num_workers=self.num_workers,
                collate_fn=as_batch,
            )
        else:
            self.num_workers = 1 if images.limit else self.num_workers
            self._loader = DataLoader(
                _Shards(images, transform, self.pieces, batch=batch),
                batch_size=None,  # the processes make them, of one shard each
                num_workers=self.num_workers,
                collate_fn=_as_it_is,
            )

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches; UserError where an image can't be read that is not left out."""
        for batch in batches(self._loader):
            for name, why in batch.unreadable:
                self._leave_out(name, why)
            self.taken.update(batch.taken)
            self.ended.update(batch.ended, filter(self._is_whole, batch.taken))
            if len(batch):
                self.seen.update(batch.labels.tolist())
                yield batch

    def _is_whole(self, piece: int) -> bool:
        """Tell whether all images of a piece of a set have been read; of a stream nobody knows."""
        if not isinstance(self.images, ImageSet):
            return False
        size = piece_size(self.images, self._batch)
        return self.taken[piece] >= min(size, (count_images(self.images) or 0) - piece * size)

    def pairs(self, names: list[str] | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the images and labels of the batches; UserError where no image can be read.

        names: a list that the images' names are added to.
        """
        for batch in self:
            if names is not None:
                names += batch.names
            yield batch.x, batch.labels
        check_any(self.seen, self.unreadable)

    def _leave_out(self, name: str, why: str) -> None:
        """Count an image that can't be read; UserError unless such images are to be left out."""
        name, why = printable(name), printable(why)
        if not self.skip:
            raise UserError(
                f"{name} in {self.images.data} can't be read: {why.rstrip('.')}; "
                "--skip-unreadable leaves such images out."
            )
        self.unreadable.add(name, why)

    def used(self) -> ImagesUsed:
        """Return which images have been read until now."""
        return images_used(self.images, self.seen, self.unreadable)


def check_any(seen: Counter[int], unreadable: Unreadable) -> None:
    """Raise UserError, with an example, where all images of a data set are unreadable."""
    if not seen and unreadable.count:
        name, why = next(iter(unreadable.first.items()))
        raise UserError(f"None of the images can be read, for example {name}: {why}")


def images_used(images: Images, seen: Counter[int], unreadable: Unreadable) -> ImagesUsed:
    """Return which images of a data set were used, from their counts by label."""
    titles = images.titles
    unread = titles.keys() - seen.keys() if images.limit is None else set()
    return ImagesUsed(
        folder=images.part,
        images=seen.total(),
        classes=len(seen),
        class_counts=dict(sorted((titles[label], count) for label, count in seen.items())),
        empty=tuple(sorted({*images.empty, *(titles[label] for label in unread)})),
        left_out=group(images.left_out),
        kind=images.part_kind,
        unreadable=unreadable.count,
        unreadable_first=tuple(unreadable.first.items()),
        remarks=tuple(images.remarks),
        limited=images.limit is not None,
    )


def count_images(images: Images) -> int | None:
    """Return the number of images that will be read; None where it is not known."""
    total = len(images) if isinstance(images, ImageSet) else images.total
    return total if images.limit is None or total is None else min(images.limit, total)


def piece_size(images: ImageSet, batch: int) -> int:
    """Return how many images the pieces of a set have: whole batches, so that these stay the same.

    All but the last have so many; how many processes there are does not matter.
    """
    most = min(PIECE, (count_images(images) or 0) // PIECES)
    return batch * max(1, most // batch)


def all_pieces(images: Images, batch: int) -> list[Piece]:
    """Return the pieces of a data set; a stream with a limit is one piece."""
    if isinstance(images, ImageSet):
        count = -(-(count_images(images) or 0) // piece_size(images, batch))
    else:
        count = images.shards if images.limit is None else 1
    return [Piece(number) for number in range(count)]


def chosen(images: ImageSet) -> Sequence[int]:
    """Return the positions that are read, in order.

    Those of a limit are the first of a fixed random order, so that classes are mixed, and those of
    a smaller limit are among them.
    """
    if images.limit is None or images.limit >= len(images):
        return range(len(images))
    return sorted(nsmallest(images.limit, range(len(images)), key=_shuffled))


def _as_it_is(batch: Any) -> Any:
    return batch


def _shuffled(position: int) -> bytes:
    return blake2b(position.to_bytes(8, "big"), digest_size=8).digest()


class _Positions(Sampler[tuple[int, int]]):
    """The positions of pieces of a set, each with the piece's number; made as they are needed."""

    def __init__(self, images: ImageSet, pieces: Sequence[Piece], size: int) -> None:
        self._chosen, self._pieces, self._size = chosen(images), pieces, size

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for piece in self._pieces:
            start = piece.number * self._size
            for position in self._chosen[start + piece.start : start + self._size]:
                yield piece.number, position


class _Pictures(Dataset[Read]):
    """The images of a set, by piece and position."""

    def __init__(self, images: ImageSet, transform: Transform) -> None:
        self._images, self._transform = images, transform

    def __getitem__(self, at: tuple[int, int]) -> Read:
        piece, i = at
        try:
            stored = self._images.stored(i)
        except UserError as error:
            return Read(piece, self._images.name(i), why=str(error))
        return _read(self._images, stored, self._transform, piece=piece, index=i)


class _Shards(IterableDataset[Batch]):
    """The batches of a stream, of whose pieces each process reads some."""

    def __init__(
        self,
        images: ImageStream,
        transform: Transform,
        pieces: Sequence[Piece],
        *,
        batch: int,
    ) -> None:
        self._images, self._transform = images, transform
        self._pieces, self._batch = pieces, batch

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        for piece in self._pieces[first::step]:
            images = self._piece(piece)
            while batch := list(islice(images, self._batch)):
                yield as_batch(batch)
            yield as_batch([Read(piece.number)])

    def _piece(self, piece: Piece) -> Iterator[Read]:
        for place, found in enumerate(self._stored(piece)):
            if place < piece.start:
                continue
            if isinstance(found, Damaged):
                yield Read(piece.number, found.name, why=found.why)
                continue
            index = stable_index(found.name)
            yield _read(self._images, found, self._transform, piece=piece.number, index=index)

    def _stored(self, piece: Piece) -> Iterator[Stored | Damaged]:
        if self._images.limit is None:
            yield from self._images.shard(piece.number)
            return
        left = self._images.limit
        for shard in range(self._images.shards):
            for found in self._images.shard(shard):
                yield found
                left -= isinstance(found, Stored)
                if not left:
                    return


def _read(images: Images, stored: Stored, transform: Transform, *, piece: int, index: int) -> Read:
    """Decode and transform an image; its label is that of the network's order, where known."""
    label = images.number(stored.label)
    try:
        x = transform(decode_stored(stored.content))
    except UserError as error:
        return Read(piece, stored.name, why=str(error))
    return Read(piece, stored.name, index, label, x)
