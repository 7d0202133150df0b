"""Accumulates the z and s of images, batch by batch, and makes the statistics of them.

An `Accumulator` takes the images in batches of any size and order; accumulators of parts of a data
set merge into one of the whole set.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.phrases import printable
from seviz.records.numbers import Floats
from seviz.reference.extremes import Extremes
from seviz.reference.images import BlockImages, ProfiledImages
from seviz.reference.profile import BlockProfile, Profile
from seviz.reference.selectivity import median_share_interval, neighbour_accuracy, shares
from seviz.reference.streams import Arrays, Groups, Integers, Stream, sample_size

SEED = 0  # of the bootstrap
SPARE = 4  # times as many names as are needed may wait to be forgotten


class Block:
    """What is kept of one block: z and s by class, and the images of the extreme gates."""

    def __init__(self, classes: int, channels: int, sampled: int) -> None:
        """Start with no images."""
        self.z, self.s = (Stream(classes, channels, sampled) for _ in "zs")
        self.largest, self.smallest = Extremes(channels), Extremes(channels, least=True)

    def add(self, indices: Integers, classes: Groups, *, z: Floats, s: Floats) -> None:
        """Add images by their indices (N) and classes, with z and s (N×C each)."""
        self.z.add(indices, classes, z)
        self.s.add(indices, classes, s)
        self.largest.add(indices, s)
        self.smallest.add(indices, s)

    def merge(self, other: "Block") -> None:
        """Add the images of another part."""
        for own, others in zip(self.parts.values(), other.parts.values(), strict=True):
            own.merge(others)

    @property
    def parts(self) -> dict[str, Any]:
        """Return what it consists of, by name; each can be merged, stored and restored."""
        return {
            "z_moments": self.z.moments,
            "z_sample": self.z.sample,
            "s_moments": self.s.moments,
            "s_sample": self.s.sample,
            "largest": self.largest,
            "smallest": self.smallest,
        }

    def profile(self, labels: Integers) -> BlockProfile:
        """Return the statistics; labels: the class of each sampled image, n."""
        z, s = self.z, self.s
        rows = s.sample.rows().astype(np.float32)
        within, between = s.moments.variances()
        share = shares(within, between)
        median = float(np.nanmedian(share)) if np.isfinite(share).any() else 0.0
        statistics = (  # in the order of the fields
            *s.moments.overall(),
            s.sample.quantiles(),
            *z.moments.overall(),
            z.sample.quantiles(),
            *s.moments.by_group(),
            *s.sample.distances(),
            z.moments.by_group()[0],
            within,
            between,
            median_share_interval(rows, labels, median, seed=SEED),
            np.array([neighbour_accuracy(rows, labels)]),
        )
        return BlockProfile(*(values.astype(np.float32) for values in statistics))


class Accumulator:
    """Accumulates the z and s of images, batch by batch, and makes a `Profile` of them."""

    def __init__(
        self,
        channels: Mapping[str, int],
        classes: Sequence[str],
        *,
        sampled: int | None = None,
        without_z: Collection[str] = (),
    ) -> None:
        """Start with no images; channels gives each block's C by its name.

        sampled: the most images kept for quantiles and distances; by default 256 to 4096, by the
        memory that their z and s need; without_z: the blocks that do not squeeze, whose z is NaN.
        """
        sampled = sampled or sample_size(2 * sum(channels.values()))
        self._channels, self._classes, self._sampled = dict(channels), tuple(classes), sampled
        self._without_z = frozenset(without_z)
        self._counts = np.zeros(len(classes), np.int64)
        self._blocks = {name: Block(len(classes), c, sampled) for name, c in channels.items()}
        self._known: dict[int, tuple[str, int]] = {}  # name and class of images, by index

    @property
    def images(self) -> int:
        """Return the number of images so far."""
        return int(self._counts.sum())

    def update(
        self,
        indices: npt.ArrayLike,
        labels: npt.ArrayLike,
        *,
        z: Mapping[str, Floats],
        s: Mapping[str, Floats],
        names: Sequence[str] | None = None,
    ) -> None:
        """Add a batch of N images, given by their indices in the data set and their classes.

        z and s are N×C by block name; names: what people call the images, by default their indices.
        Each image may be added once. Raises UserError where a value is not finite, ValueError where
        shapes or classes don't fit or an image is found to be added twice; the batch is left out
        then.
        """
        index, label = np.asarray(indices, np.int64), np.asarray(labels, np.int64)
        if label.shape != index.shape or not np.isin(label, np.arange(len(self._classes))).all():
            raise ValueError(f"labels {label} of {len(index)} images, {len(self._classes)} classes")
        self._check(z, len(index), self._without_z)
        self._check(s, len(index))
        if not len(index):
            return
        by_class = Groups(label)
        for name, block in self._blocks.items():
            block.add(index, by_class, z=z[name], s=s[name])
        self._counts += np.bincount(label, minlength=len(self._counts))
        named = [printable(name) for name in names] if names else list(map(str, index))
        self._know(dict(zip(index.tolist(), zip(named, label.tolist(), strict=True), strict=True)))

    def _know(self, images: Mapping[int, tuple[str, int]]) -> None:
        """Keep the names of images, and forget those that are needed no more."""
        self._known.update(images)
        places = 2 * sum(block.largest.values().size for block in self._blocks.values())
        if len(self._known) > SPARE * (self._sampled + places):
            self._forget()

    def _forget(self) -> None:
        needed = self._needed()
        self._known = {i: known for i, known in self._known.items() if i in needed}

    def _needed(self) -> set[int]:
        """Return the indices of the images that are in the sample, or extreme in a channel."""
        needed: set[int] = set()
        for block in self._blocks.values():
            for kept in (block.largest, block.smallest, block.s.sample):
                needed.update(np.unique(kept.indices()).tolist())
        return needed - {-1}

    def _check(
        self, captured: Mapping[str, Floats], images: int, may_be_nan: Collection[str] = ()
    ) -> None:
        expected = {name: (images, channels) for name, channels in self._channels.items()}
        if (shapes := {name: values.shape for name, values in captured.items()}) != expected:
            raise ValueError(f"blocks of shapes {shapes}, expected {expected}")
        for name, values in captured.items():
            if name not in may_be_nan and not np.isfinite(values).all():
                raise UserError(
                    f"Block {name} overflows on some images, so it has no statistics; choose "
                    "another network."
                )

    def merge(self, other: "Accumulator") -> None:
        """Add the images of another accumulator; ValueError where it is not of the same kind."""
        if self._kind() != other._kind():
            raise ValueError("only accumulators of equal blocks, classes and sample size merge")
        for name, block in self._blocks.items():
            block.merge(other._blocks[name])
        self._counts += other._counts
        self._know(other._known)

    def _kind(self) -> tuple[object, ...]:
        return self._channels, self._classes, self._sampled

    def arrays(self) -> Arrays:
        """Return all that it holds, for a checkpoint or for another process."""
        self._forget()
        names = "\n".join(name for name, _ in self._known.values()).encode()
        arrays: Arrays = {
            "counts": self._counts,
            "known": np.fromiter(self._known, np.int64, len(self._known)),
            "known_labels": np.array([label for _, label in self._known.values()], np.int64),
            "known_names": np.frombuffer(names, np.uint8),
        }
        for name, block in self._blocks.items():
            for part, of in block.parts.items():
                arrays |= {f"{name}/{part}/{key}": v for key, v in of.arrays().items()}
        return arrays

    def restore(self, arrays: Arrays) -> None:
        """Take what another one of the same kind held in place of what is here.

        KeyError or ValueError where it is not of the same kind.
        """
        self._counts[:] = arrays["counts"]
        names = arrays["known_names"].tobytes().decode().split("\n")
        known = zip(names, arrays["known_labels"].tolist(), strict=False)
        self._known = dict(zip(arrays["known"].tolist(), known, strict=False))
        for name, block in self._blocks.items():
            for part, of in block.parts.items():
                start = f"{name}/{part}/"
                of.restore(
                    {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
                )

    def finish(
        self,
        *,
        model: str,
        data: str,
        weights: str | None = None,
        pixels: str | None = None,
        unreadable: int = 0,
        note: str = "",
    ) -> Profile:
        """Return the statistics of the images so far; UserError where there is none.

        The arguments are as of `Profile`.
        """
        if not self._counts.any():
            raise UserError(f"There is no image to profile “{model}” on; give at least one.")
        counts, sampled = tuple(self._counts.tolist()), min(self._sampled, self.images)
        labels = self._labels(self._sample())
        blocks = {name: block.profile(labels) for name, block in self._blocks.items()}
        return Profile(
            model,
            data,
            self._classes,
            counts,
            sampled,
            blocks,
            weights,
            pixels,
            unreadable=unreadable,
            note=note,
        )

    def profiled_images(self, profile: Profile, *, sampled: int | None = None) -> ProfiledImages:
        """Return the images behind a profile that `finish` made of these.

        sampled: how many of the sample are kept; by default all.
        """
        sample = self._sample()[:sampled]
        extremes = [b.largest.indices() for b in self._blocks.values()]
        extremes += [b.smallest.indices() for b in self._blocks.values()]
        indices = np.unique(np.concatenate([sample, *(e.ravel() for e in extremes)]))
        indices = indices[indices >= 0]
        return ProfiledImages(
            *(profile.model, profile.data, profile.classes, profile.weights, profile.pixels),
            names=tuple(self._known[i][0] for i in indices.tolist()),
            labels=self._labels(indices),
            sample=np.searchsorted(indices, sample),
            blocks={
                name: _block_images(block, indices, sampled=len(sample))
                for name, block in self._blocks.items()
            },
        )

    def _sample(self) -> Integers:
        """Return the indices of the sampled images, which are those of every block."""
        first = next(iter(self._blocks.values()), None)
        return np.zeros(0, np.int64) if first is None else first.s.sample.indices()

    def _labels(self, indices: Integers) -> Integers:
        return np.array([self._known[i][1] for i in indices.tolist()], np.int64)


def _block_images(block: Block, indices: Integers, *, sampled: int) -> BlockImages:
    return BlockImages(
        block.s.sample.rows()[:sampled].astype(np.float32),
        block.largest.values(),
        _places(indices, block.largest.indices()),
        block.smallest.values(),
        _places(indices, block.smallest.indices()),
    )


def _places(indices: Integers, wanted: Integers) -> Integers:
    """Return where images are in a rising list of indices; −1 for none (−1)."""
    return np.where(wanted < 0, -1, np.searchsorted(indices, wanted))
