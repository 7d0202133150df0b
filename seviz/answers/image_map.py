"""A data set's images as points by the gates of a block, and two sets of them compared."""

from collections.abc import Mapping, Sequence
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from seviz.answers.gate import known_statistics, named_block
from seviz.errors import UserError
from seviz.records.image_map import GateDifference, ImageMap, Neighbours, Point, Selections
from seviz.reference.image_map import Projection, differences, project
from seviz.reference.images import ProfiledImages
from seviz.reference.profile import Profile
from seviz.reference.selectivity import neighbour_accuracy
from seviz.words.image_map import NO_IMAGES
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class

# What was worked out of images, as long as these are in memory.
_projections: WeakKeyDictionary[ProfiledImages, dict[tuple[str, str], Projection]]
_projections = WeakKeyDictionary()
_neighbours: WeakKeyDictionary[ProfiledImages, dict[str, Neighbours]] = WeakKeyDictionary()
_lock = Lock()  # of the dictionaries, which several visitors may ask at once


def map_report(
    key: str,
    block: str,
    *,
    profile: Profile | None = None,
    images: ProfiledImages | None = None,
    method: str = "pca",
) -> ImageMap:
    """Lay the sampled images of a network's data set out by the gates of a block.

    profile and images: as of `gate_report`; method: pca, or umap where it is installed. UserError
    where no images are known, or there is no such block or method.
    """
    statistics, behind = known_images(key, profile, images)
    site = named_block(block, statistics)
    return image_map(statistics, behind, site, method=method, names=find(key).class_names)


def known_images(
    key: str, profile: Profile | None, images: ProfiledImages | None
) -> tuple[Profile, ProfiledImages]:
    """Return a network's statistics and the images behind them; UserError where they are not known.

    profile and images: as of `gate_report`.
    """
    statistics, behind = known_statistics(key, profile, images)
    if behind is None:
        raise UserError(NO_IMAGES)
    return statistics, behind


def image_map(
    profile: Profile, images: ProfiledImages, site: str, *, method: str, names: Mapping[str, str]
) -> ImageMap:
    """Lay the images behind statistics out by the gates of a block that they have.

    names: of classes by their folders. UserError as of `seviz.reference.image_map.project`.
    """
    projection = _projection(images, site, method)
    found, note = _by_depth(profile, images)
    labels = sample_classes(images, names)
    rows = zip(images.sample_names, labels, projection.points.tolist(), strict=True)
    return ImageMap(
        model=profile.model,
        data=profile.data,
        site=site,
        channels=images.blocks[site].sample.shape[1],
        method=method,
        points=tuple(Point(image, label, *place) for image, label, place in rows),
        explained=projection.explained,
        neighbours=found,
        chance=_chance(profile),
        note=note,
    )


def sample_classes(images: ProfiledImages, names: Mapping[str, str]) -> list[str]:
    """Return the name of each sampled image's class; names: by the classes' folders."""
    known = [names.get(folder, folder) for folder in images.classes]
    return [known[label] for label in images.sample_labels.tolist()]


def compare_selections(
    images: ProfiledImages, site: str, *, a: Sequence[int], b: Sequence[int]
) -> Selections:
    """Compare the gates of a block over two sets of images; a, b: their places in the sample.

    UserError where one has fewer than two images.
    """
    chosen = np.array(sorted({*a}), np.int64), np.array(sorted({*b}), np.int64)
    found = differences(images.blocks[site].sample, *chosen)
    gates = (
        GateDifference(
            channel,
            float(found.a[channel]),
            float(found.b[channel]),
            None if np.isnan(found.deviations[channel]) else float(found.deviations[channel]),
        )
        for channel in found.order.tolist()
    )
    return Selections(site, len(chosen[0]), len(chosen[1]), tuple(gates))


def images_of_class(images: ProfiledImages, text: str, names: Mapping[str, str]) -> list[int]:
    """Return the places of the sampled images of a class, by its name, number or folder.

    UserError, with the nearest name, where there is no such class.
    """
    label = find_class([names.get(f, f) for f in images.classes], text, images.classes)
    found: list[int] = np.flatnonzero(images.sample_labels == label).tolist()
    return found


def _projection(images: ProfiledImages, site: str, method: str) -> Projection:
    with _lock:
        known = _projections.setdefault(images, {})
    if (site, method) not in known:
        known[site, method] = project(images.blocks[site].sample, method)
    return known[site, method]


def _by_depth(profile: Profile, images: ProfiledImages) -> tuple[tuple[Neighbours, ...], str]:
    """Return how often neighbours name the class by every block's gates, and a note about it."""
    found, computed = [], False
    for site, block in profile.blocks.items():
        if block.neighbours is not None:
            found.append(Neighbours(site, _known(float(block.neighbours[0]))))
            continue
        computed = True
        found.append(_computed(images, site))
    note = f"It was found over {len(images.sample):,} sampled images." if computed else ""
    return tuple(found), note


def _computed(images: ProfiledImages, site: str) -> Neighbours:
    with _lock:
        known = _neighbours.setdefault(images, {})
    if site not in known:
        rows = images.blocks[site].sample
        known[site] = Neighbours(site, _known(neighbour_accuracy(rows, images.sample_labels)))
    return known[site]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _chance(profile: Profile) -> float:
    """Return how often it is right to name each class as often as it has images."""
    counts = np.array(profile.class_counts, np.float64)
    return float(((counts / counts.sum()) ** 2).sum())
