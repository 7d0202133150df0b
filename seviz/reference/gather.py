"""Gathers a network's gate statistics over a data set.

    reference = profile(loaded, LabelledImages(root, "train"), data="Tiny-ImageNet-200 (train)")
    reference.save(path)

An `Accumulator` takes the images in batches of any size and order; accumulators of parts of a data
set merge into one of the whole set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seviz.errors import UserError
from seviz.records.arms import INTACT
from seviz.records.numbers import Floats
from seviz.reference.profile import BlockProfile, Profile
from seviz.reference.streams import Stream, sample_size
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from torch import Tensor

    from seviz.photos.dataset import LabelledImages
    from seviz.zoo.models import LoadedModel


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
        self._z = {name: Stream(1, c, sampled) for name, c in channels.items()}
        self._s = {name: Stream(len(classes), c, sampled) for name, c in channels.items()}

    def update(
        self,
        indices: npt.ArrayLike,
        labels: npt.ArrayLike,
        *,
        z: Mapping[str, Floats],
        s: Mapping[str, Floats],
    ) -> None:
        """Add a batch of N images, given by their indices in the data set and their classes.

        z and s are N×C by block name. Each image may be added once. Raises UserError where a value
        is not finite, ValueError where shapes or classes don't fit or an image is found to be added
        twice; the batch is left out then.
        """
        index, label = np.asarray(indices, np.int64), np.asarray(labels, np.int64)
        if label.shape != index.shape or not np.isin(label, np.arange(len(self._classes))).all():
            raise ValueError(f"labels {label} of {len(index)} images, {len(self._classes)} classes")
        self._check(z, len(index), self._without_z)
        self._check(s, len(index))
        if not len(index):
            return
        for name in self._s:
            self._z[name].add(index, np.zeros_like(label), z[name])
            self._s[name].add(index, label, s[name])
        self._counts += np.bincount(label, minlength=len(self._counts))

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

    def merge(self, other: Accumulator) -> None:
        """Add the images of another accumulator; ValueError where it is not of the same kind."""
        own = (self._channels, self._classes, self._sampled)
        if own != (other._channels, other._classes, other._sampled):
            raise ValueError("only accumulators of equal blocks, classes and sample size merge")
        for name in self._s:
            self._z[name].merge(other._z[name])
            self._s[name].merge(other._s[name])
        self._counts += other._counts

    def finish(
        self, *, model: str, data: str, weights: str | None = None, pixels: str | None = None
    ) -> Profile:
        """Return the statistics of the images so far; UserError where there is none.

        The arguments are as of `Profile`.
        """
        if not self._counts.any():
            raise UserError(f"There is no image to profile “{model}” on; give at least one.")
        counts, sampled = tuple(self._counts.tolist()), min(self._sampled, int(self._counts.sum()))
        blocks = {name: _block_profile(self._z[name], self._s[name]) for name in self._s}
        return Profile(model, data, self._classes, counts, sampled, blocks, weights, pixels)


def _block_profile(z: Stream, s: Stream) -> BlockProfile:
    statistics = (  # in the order of the fields
        *s.moments.overall(),
        s.sample.quantiles(),
        *z.moments.overall(),
        z.sample.quantiles(),
        *s.moments.by_group(),
        *s.sample.distances(),
    )
    return BlockProfile(*(values.astype(np.float32) for values in statistics))


def profile(
    loaded: LoadedModel,
    images: LabelledImages,
    *,
    data: str,
    loaders: int | None = None,
    quiet: bool = False,
) -> Profile:
    """Measure the gates of a network, as trained, on all images through its own transform.

    data names the data set for readers; loaders: as of `seviz.photos.dataset.count_loaders`; quiet
    hides the progress bar. An image that can't be read is left out, which `images` records. Raises
    UserError where none can be read or a gate is not finite.
    """
    import torch
    from tqdm import tqdm

    from seviz.passes.logits import logits_of
    from seviz.photos.dataset import InOrder, batch_for, batches

    size = batch_for(loaded.source.config)
    # The copy gets the network's transform, and the caller's images keep theirs.
    loader = InOrder(copy(images), loaded.transform, size, loaders=loaders)
    channels = {site.name: site.channels for site in loaded.probe.sites}
    without_z = [site.name for site in loaded.probe.sites if not site.squeezed]
    accumulator, seen = Accumulator(channels, images.classes, without_z=without_z), 0
    with torch.inference_mode(), tqdm(total=len(images), unit="image", disable=quiet) as bar:
        for x, labels in batches(loader):
            with loaded.probe.ask([INTACT], rows=[0] * len(x)) as captured:
                x = x.to(loaded.device, memory_format=torch.channels_last)
                logits_of(loaded.model, x, loaded.title)
            indices = seen + np.arange(len(x))
            z, s = _arrays(captured.z), _arrays(captured.s_computed)
            accumulator.update(indices, labels.numpy(), z=z, s=s)
            seen += len(x)
            bar.update(len(x))
    source = loaded.source
    return accumulator.finish(
        model=source.identity, data=data, weights=source.digest, pixels=source.pixels
    )


_own_references: dict[tuple[str, str | None], Profile] = {}  # by network and weights


def set_reference(profile: Profile) -> None:
    """Make a profile the reference of its network, in place of the one that ships with it."""
    _own_references[profile.model, profile.weights] = profile


def reference(key: str) -> Profile | None:
    """Return the reference statistics of a network of the catalogue; None where there are none.

    They are those of `set_reference`, else those that ship with the network and are read on first
    use: for the embedded network, of its training images. UserError where those that ship are of
    other weights.
    """
    source = find(key)
    own = [profile for profile in _own_references.values() if profile.is_of(source)]
    if own:
        return own[-1]
    shipped = _shipped(source.statistics)
    if shipped is not None:
        shipped.check_is_of(source)
    return shipped


@cache
def _shipped(file: Path | None) -> Profile | None:
    return Profile.load(file) if file else None


def _arrays(tensors: dict[str, Tensor]) -> dict[str, Floats]:
    return {name: tensor.float().cpu().numpy() for name, tensor in tensors.items()}
