"""Gathers a network's gate statistics over a data set.

gathered = gather(loaded, LabelledImages(root, "train"), data="Tiny-ImageNet-200 (train)")
gathered.save(path)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.reference import own as own_statistics
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from seviz.photos.loader import Images
    from seviz.photos.used import ImagesUsed
    from seviz.reference.gathering import GateStatistics
    from seviz.reference.work import Work
    from seviz.reference.world import World
    from seviz.zoo.models import LoadedModel
    from seviz.zoo.sources import Source


ALONE = (
    "These are the gates of one image, which can't tell how gates vary: take no spread, percentile "
    "or “constant” of a gate for true."
)


@dataclass(frozen=True)
class Gathered:
    """The statistics of a network over a data set, and the images behind them.

    used: which images of a data set were used; None of a collection, which knows itself.
    """

    profile: Profile
    images: ProfiledImages
    used: ImagesUsed | None = None

    def save(self, path: Path) -> None:
        """Write the statistics, and beside them the images; UserError where it can't."""
        self.profile.save(path)
        self.images.save(images_path(path))


def gather(
    loaded: LoadedModel,
    images: Images,
    *,
    data: str,
    loaders: int | None = None,
    sampled: int | None = None,
    skip_unreadable: bool = False,
    quiet: bool = False,
) -> Gathered:
    """Measure the gates of a network, as trained, on all images through its own transform.

    data names the data set for readers; loaders: as of `seviz.photos.dataset.count_loaders`;
    sampled: how many images of the sample are kept by name, with their gates, by default all;
    skip_unreadable: leave out images that can't be read, of which the first else raises UserError;
    quiet hides the progress bar. Raises UserError where none can be read or a gate is not finite.
    """
    work, found = begin(loaded, images, data, loaders=loaders, skip_unreadable=skip_unreadable)
    work.take(quiet=quiet)
    return finish(work, found, sampled=sampled)


def gather_shared(
    world: World,
    loaded: LoadedModel,
    images: Images,
    *,
    data: str,
    parts: Path,
    loaders: int | None = None,
    skip_unreadable: bool = False,
) -> Gathered | None:
    """Measure as `gather` does, together with the other processes of `world`.

    parts: a folder of what has been gathered so far, from which a killed run goes on, on each
    machine; who saves the result deletes it. The result does not depend on how many processes
    there are. Only the first process returns it.
    """
    work, found = begin(
        *(loaded, images, data),
        loaders=loaders,
        skip_unreadable=skip_unreadable,
        parts=parts,
        world=world,
    )
    work.take(quiet=world.rank > 0)
    work.join()
    return None if world.rank else finish(work, found)


def begin(
    loaded: LoadedModel, images: Images, data: str, **options: Any
) -> tuple[Work, GateStatistics]:
    """Return the work of gathering gates, and where they are gathered; options: as of `Work`."""
    from seviz.reference.gathering import GateStatistics
    from seviz.reference.work import Work

    if not images.classes:
        images.match_classes(loaded.source.folders, loaded.source.labels)
    gathering = GateStatistics(loaded, images.classes)
    return Work(loaded, images, gathering, data=data, **options), gathering


def finish(work: Work, gathering: GateStatistics, *, sampled: int | None = None) -> Gathered:
    """Return what has been gathered; UserError where no image could be read."""
    from seviz.photos.image_stream import BY_SHARDS, ImageStream
    from seviz.photos.loader import check_any, images_used

    share, source = work.share, work.loaded.source
    check_any(share.seen, share.unreadable)
    found = gathering.accumulator.finish(
        model=source.identity,
        data=work.data,
        weights=source.digest,
        pixels=source.pixels,
        unreadable=share.unreadable.count,
    )
    if isinstance(work.images, ImageStream) and found.sampled < found.images:
        found = replace(found, note=BY_SHARDS)
    if found.images == 1:
        found = replace(found, note=ALONE)
    behind = gathering.accumulator.profiled_images(found, sampled=sampled)
    return Gathered(found, behind, images_used(work.images, share.seen, share.unreadable))


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


def ships(profile: Profile, source: Source) -> bool:
    """Tell whether statistics are those that ship with a network, which commands find too."""
    return profile is _shipped(source.statistics)


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
