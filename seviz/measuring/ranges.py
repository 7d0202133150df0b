"""Gathers the ranges of gates and features over a data set: what int8 would do to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.measuring.int8 import Extent, levels, tensor_ranges
from seviz.passes.logits import logits_of
from seviz.photos.batch import Batch
from seviz.photos.loader import Images, check_any, images_used
from seviz.photos.used import ImagesUsed
from seviz.records.arms import INTACT
from seviz.records.numbers import Floats
from seviz.records.ranges import BlockRanges, Ranges
from seviz.records.sites import Site
from seviz.reference.parts import Facts
from seviz.reference.streams import Arrays, Sample, hashes, sample_size
from seviz.reference.work import Work
from seviz.reference.world import ALONE, World
from seviz.zoo.models import LoadedModel

KINDS = ("s", "before", "after")  # gates, U and s·U
AT_ONCE = 16  # images whose features are in memory together


@dataclass(frozen=True)
class Passed:
    """What a batch showed: each kind's extent by block, and N rows of sampled values."""

    extents: Mapping[str, Mapping[str, Extent]]  # by kind and block
    rows: Floats  # N×columns: s, U and s·U of all channels, block after block


class RangeGathering:
    """Gathers ranges (`seviz.reference.gathering.Gathering`) of a network as trained.

    The extents are of all images and positions. Quantiles and noise are of a sample of the images
    (`Sample`), and of one position of each block's features in each of them, which depends on the
    image's index alone: a position drawn evenly, so that the sampled values of a channel are those
    of all images and positions.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        """Start with no images."""
        self._loaded, self._sites = loaded, loaded.probe.sites
        columns = len(KINDS) * sum(site.channels for site in self._sites)
        self._size = sample_size(columns)
        self._sample = Sample(self._size, columns)
        self._extents = {
            kind: {site.name: _nothing(site.channels) for site in self._sites} for kind in KINDS
        }
        self.images = 0

    def facts(self) -> Facts:
        """Return that it is of ranges."""
        return {"statistics": "ranges"}

    @torch.inference_mode()
    def ask(self, batch: Batch) -> Passed:
        """Pass a batch; UserError where a value is not finite."""
        parts = [
            self._pass(x, indices)
            for x, indices in zip(
                torch.split(batch.x, AT_ONCE), torch.split(batch.indices, AT_ONCE), strict=True
            )
        ]
        extents = {
            kind: {
                site.name: _merged(part.extents[kind][site.name] for part in parts)
                for site in self._sites
            }
            for kind in KINDS
        }
        return Passed(extents, np.concatenate([part.rows for part in parts]))

    def _pass(self, x: Tensor, indices: Tensor) -> Passed:
        x = x.to(self._loaded.device, memory_format=torch.channels_last)
        names = [site.name for site in self._sites]
        ask = self._loaded.probe.ask([INTACT], [0] * len(x), features_of=names)
        with ask as captured:
            logits_of(self._loaded.model, x, self._loaded.title)
        extents: dict[str, dict[str, Extent]] = {kind: {} for kind in KINDS}
        rows: list[Tensor] = []
        # The sample is of the least hashes; their last bits are as random as any others'.
        drawn = torch.from_numpy((hashes(indices.numpy()) % np.uint64(2**32)).astype(np.int64))
        drawn = drawn.to(x.device)
        for site in self._sites:
            u, s = captured.u.pop(site.name), captured.gates.pop(site.name)
            for kind, values in zip(KINDS, (s, u, s * u), strict=True):
                flat = values.flatten(2)
                extents[kind][site.name] = _extent(flat, site)
                place = (drawn % flat.shape[2])[:, None, None].expand(-1, flat.shape[1], 1)
                rows.append(flat.gather(2, place)[..., 0])
        return Passed(extents, torch.cat(rows, 1).float().cpu().numpy())

    def add(self, batch: Batch, found: Passed) -> None:
        """Add what a batch showed."""
        self._sample.add(batch.indices.numpy(), found.rows)
        self._widen(found.extents)
        self.images += len(batch)

    def _widen(self, extents: Mapping[str, Mapping[str, Extent]]) -> None:
        for kind, by_site in self._extents.items():
            for name, extent in by_site.items():
                by_site[name] = extent.merge(extents[kind][name])

    def arrays(self) -> Arrays:
        """Return all that was gathered."""
        arrays: Arrays = {f"sample/{key}": of for key, of in self._sample.arrays().items()}
        for kind, by_site in self._extents.items():
            for name, extent in by_site.items():
                arrays |= {f"{kind}/{name}/{end}": of for end, of in vars(extent).items()}
        return {**arrays, "images": np.array([self.images])}

    def merge(self, arrays: Arrays) -> None:
        """Add what another one has gathered."""
        start = "sample/"
        other = Sample(self._size, self._sample.rows().shape[1])
        other.restore({k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)})
        self._sample.merge(other)
        self._widen(
            {
                kind: {
                    site.name: Extent(*(arrays[f"{kind}/{site.name}/{e}"] for e in ("low", "high")))
                    for site in self._sites
                }
                for kind in KINDS
            }
        )
        self.images += int(arrays["images"][0])

    @property
    def sampled(self) -> int:
        """Return the number of images that the quantiles and the noise are of."""
        return len(self._sample)

    @property
    def extents(self) -> Mapping[str, Mapping[str, Extent]]:
        """Return the least and greatest values, by kind and block."""
        return self._extents

    def blocks(self) -> tuple[BlockRanges, ...]:
        """Return the ranges of all blocks; UserError where no image was passed."""
        if not self.images:
            raise UserError(f"There is no image to measure {self._loaded.title} on; give one.")
        rows, found = self._sample.rows(), []
        widths = [site.channels for site in self._sites for _ in KINDS]
        ends = np.cumsum([0, *widths])
        values = [rows[:, first:stop] for first, stop in pairwise(ends.tolist())]
        for i, site in enumerate(self._sites):
            of = {
                kind: (values[len(KINDS) * i + k], self._extents[kind][site.name])
                for k, kind in enumerate(KINDS)
            }
            before, after = tensor_ranges(*of["before"]), tensor_ranges(*of["after"])
            found.append(BlockRanges(site.name, site.channels, levels(*of["s"]), before, after))
        return tuple(found)


@dataclass(frozen=True)
class RangesFound:
    """The ranges of a network, the extents behind them, and the images that were used.

    extents: by kind (KINDS) and block.
    """

    ranges: Ranges
    extents: Mapping[str, Mapping[str, Extent]]
    used: ImagesUsed


def measure_ranges(
    loaded: LoadedModel,
    images: Images,
    *,
    data: str,
    loaders: int | None = None,
    skip_unreadable: bool = False,
    parts: Path | None = None,
    world: World = ALONE,
    quiet: bool = False,
) -> RangesFound | None:
    """Measure the ranges of a network over a data set; the arguments are as of `gather_shared`.

    quiet hides the progress. Only the first process returns them; UserError where no image could be
    read or a value is not finite.
    """
    if not images.classes:
        images.match_classes(loaded.source.folders, loaded.source.labels)
    gathering = RangeGathering(loaded)
    work = Work(
        *(loaded, images, gathering),
        data=data,
        loaders=loaders,
        skip_unreadable=skip_unreadable,
        parts=parts,
        world=world,
    )
    work.take(quiet=quiet or world.rank > 0)
    work.join()
    if world.rank:
        return None
    share, source = work.share, loaded.source
    check_any(share.seen, share.unreadable)
    blocks = gathering.blocks()
    counts = share.seen.total(), gathering.sampled
    found = Ranges(source.identity, source.digest, data, *counts, blocks)
    used = images_used(images, share.seen, share.unreadable)
    return RangesFound(found, gathering.extents, used)


def _nothing(channels: int) -> Extent:
    return Extent(np.full(channels, np.inf, np.float32), np.full(channels, -np.inf, np.float32))


def _merged(extents: Iterable[Extent]) -> Extent:
    first, *others = extents
    for other in others:
        first = first.merge(other)
    return first


def _extent(flat: Tensor, site: Site) -> Extent:
    """Return the extent of values N×C×positions; UserError where one is not finite."""
    low, high = flat.amin((0, 2)).float().cpu().numpy(), flat.amax((0, 2)).float().cpu().numpy()
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise UserError(
            f"Block {site.name} overflows on some images, so it has no ranges; choose another "
            "network."
        )
    return Extent(low, high)
