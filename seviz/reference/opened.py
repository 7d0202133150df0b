"""How far gates are open at pictures that were made for them, beside reference images."""

from functools import lru_cache

import numpy as np

from seviz.records.numbers import Floats
from seviz.reference.diagnosis import moves
from seviz.reference.gather import reference, reference_images
from seviz.reference.images import ProfiledImages
from seviz.reference.percentiles import Doubles

BEYOND = 99.0  # percent of images: a picture that opens its gate further is one of this gate


def most_gates(key: str, site: str) -> Doubles | None:
    """Return what BEYOND percent of the sampled images do not exceed, C; None without them."""
    images = reference_images(key)
    return None if images is None else _quantile(images, site)


def sample_size(key: str) -> tuple[int, int] | None:
    """Count the images that a network's percentiles are of, and all reference images.

    The first are those of the sample, where the images are known, else those behind the levels of
    the statistics. None without statistics.
    """
    profile, images = reference(key), reference_images(key)
    if profile is None:
        return None
    return (profile.sampled if images is None else len(images.sample)), profile.images


def count_beyond(key: str, site: str, s: Floats) -> tuple[int | None, int | None]:
    """Count the gates that move over reference images, and of these the ones beyond most images.

    s: what each gate is at its picture, C. None where the images are not known.
    """
    profile, most = reference(key), most_gates(key, site)
    if profile is None or most is None:
        return None, None
    live = moves(profile.blocks[site].s_std)
    return int(live.sum()), int((live & (s > most)).sum())


@lru_cache(64)
def _quantile(images: ProfiledImages, site: str) -> Doubles:
    found: Doubles = np.quantile(
        images.blocks[site].sample.astype(np.float64), BEYOND / 100, axis=0
    )
    return found
