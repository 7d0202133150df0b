"""Gathers a network's gate statistics over a data set.

gathered = gather(loaded, LabelledImages(root, "train"), data="Tiny-ImageNet-200 (train)")
gathered.save(path)
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seviz.reference import own as own_statistics
from seviz.reference.accumulator import Accumulator
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from seviz.photos.dataset import LabelledImages
    from seviz.zoo.models import LoadedModel
    from seviz.zoo.sources import Source


@dataclass(frozen=True)
class Gathered:
    """The statistics of a network over a data set, and the images behind them."""

    profile: Profile
    images: ProfiledImages

    def save(self, path: Path) -> None:
        """Write the statistics, and beside them the images; UserError where it can't."""
        self.profile.save(path)
        self.images.save(images_path(path))


def gather(
    loaded: LoadedModel,
    images: LabelledImages,
    *,
    data: str,
    loaders: int | None = None,
    sampled: int | None = None,
    quiet: bool = False,
) -> Gathered:
    """Measure the gates of a network, as trained, on all images through its own transform.

    data names the data set for readers; loaders: as of `seviz.photos.dataset.count_loaders`;
    sampled: how many images of the sample are kept by name, with their gates, by default all; quiet
    hides the progress bar. An image that can't be read is left out, which `images` records. Raises
    UserError where none can be read or a gate is not finite.
    """
    from tqdm import tqdm

    from seviz.passes.capture import capture
    from seviz.photos.dataset import InOrder, batch_for, batches

    size = batch_for(loaded.source.config)
    # The copy gets the network's transform, and the caller's images keep theirs.
    loader = InOrder(copy(images), loaded.transform, size, loaders=loaders)
    channels = {site.name: site.channels for site in loaded.probe.sites}
    without_z = [site.name for site in loaded.probe.sites if not site.squeezed]
    accumulator, seen = Accumulator(channels, images.classes, without_z=without_z), 0
    with tqdm(total=len(images), unit="image", disable=quiet) as bar:
        for x, labels in batches(loader):
            captured, indices = capture(loaded, x), seen + np.arange(len(x))
            accumulator.update(indices, labels.numpy(), z=captured.z, s=captured.s)
            seen += len(x)
            bar.update(len(x))
    source = loaded.source
    found = accumulator.finish(
        model=source.identity, data=data, weights=source.digest, pixels=source.pixels
    )
    return Gathered(found, accumulator.profiled_images(found, sampled=sampled))


_own_references: dict[tuple[str, str | None], Profile] = {}  # by network and weights
_own_images: dict[tuple[str, str | None], ProfiledImages] = {}


def set_reference(profile: Profile, images: ProfiledImages | None = None) -> None:
    """Make a profile the reference of its network, in place of the one that ships with it.

    images: those behind it, where they are known.
    """
    key = profile.model, profile.weights
    _own_references[key] = profile
    _own_images.pop(key, None)
    if images is not None:
        _own_images[key] = images


def reference(key: str) -> Profile | None:
    """Return the reference statistics of a network of the catalogue; None where there are none.

    They are those of `set_reference`, else those that ship with the network and are read on first
    use: for the embedded network, of its training images. A visitor's own statistics
    (`seviz.reference.own`) come before these where the visitor prefers them, and else after them.
    UserError where those that ship are of other weights.
    """
    source, visitors = find(key), own_statistics.current()
    mine = visitors.of(source)
    if mine is not None and visitors.preferred:
        return mine
    return common_reference(source) or mine


def own_reference(key: str) -> Profile | None:
    """Return a network's `reference` where it is of a visitor's own photographs; else None."""
    mine = own_statistics.current().of(find(key))
    return mine if mine is not None and reference(key) is mine else None


def common_reference(source: Source) -> Profile | None:
    """Return the statistics of a network that hold for all visitors; None where there are none."""
    own = [profile for profile in _own_references.values() if profile.is_of(source)]
    if own:
        return own[-1]
    shipped = _shipped(source.statistics)
    if shipped is not None:
        shipped.check_is_of(source)
    return shipped


def reference_images(key: str) -> ProfiledImages | None:
    """Return the images behind a network's `reference`; None where they are not known."""
    profile = reference(key)
    if profile is None:
        return None
    if profile is own_reference(key):
        return own_statistics.current().images_of(profile)
    if _own_references.get((profile.model, profile.weights)) is profile:
        return _own_images.get((profile.model, profile.weights))
    images = _shipped_images(find(key).statistics)
    return images if images and images.is_of(profile) else None


@cache
def _shipped(file: Path | None) -> Profile | None:
    return Profile.load(file) if file else None


@cache
def _shipped_images(file: Path | None) -> ProfiledImages | None:
    path = images_path(file) if file else None
    return ProfiledImages.load(path) if path and path.exists() else None
