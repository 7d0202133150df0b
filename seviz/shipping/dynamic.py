"""Which parts of what gates do follow the image, for the networks that are part of seviz.

The laboratory's variants get statistics of their own, over the training images of their classes.
Then all networks are measured with parts of their gates taken away.
"""

from dataclasses import asdict
from typing import Any

from seviz.files import make_folder
from seviz.measuring.as_upload import AsPhotograph
from seviz.measuring.measure_necessity import Asking, measure_whole
from seviz.nets.embedded import DATA
from seviz.passes.dispatch import ZOO
from seviz.photos.dataset import LabelledImages
from seviz.reference.gather import gather
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.reference.replacement import Replacement, replacement
from seviz.shipping.part import Setting
from seviz.training.decoded import images_of_classes
from seviz.zoo.catalogue import EMBEDDED
from seviz.zoo.models import LoadedModel
from seviz.zoo.registered import statistics_name

DONORS = 2048  # training images whose gates other images get


def measure_dynamic(key: str, setting: Setting) -> list[dict[str, Any]]:
    """Measure a network on its validation images, as they are and made photographs.

    Of a laboratory's variant, its statistics are written, too. The embedded network is measured on
    the images as they are by `seviz.shipping.necessity`.
    """
    if key != EMBEDDED:
        by = _gather(setting, key)
        return [_measure(setting, key, by, photographs=made) for made in (False, True)]
    behind = ProfiledImages.load(images_path(setting.profile))
    by = replacement(key, profile=Profile.load(setting.profile), images=behind)
    return [_measure(setting, key, by, photographs=True)]


def _gather(setting: Setting, key: str) -> Replacement:
    """Write a variant's statistics; return what replaces its gates."""
    loaded = ZOO.get(key)
    data = f"{len(loaded.labels)} classes of {DATA} (train)"
    images = _images(setting, loaded, "train")
    gathered = gather(
        loaded, images, data=data, loaders=setting.loaders, sampled=DONORS, quiet=True
    )
    make_folder(setting.out / "lab")
    gathered.profile.save(setting.out / "lab" / statistics_name(key))
    return replacement(key, profile=gathered.profile, images=gathered.images)


def _measure(setting: Setting, key: str, by: Replacement, *, photographs: bool) -> dict[str, Any]:
    """Measure a network on its validation images, as they are or as photographs."""
    loaded = ZOO.get(key)
    images = _images(setting, loaded, "val")
    asking = Asking(
        loaded,
        images,
        data="",
        transform=AsPhotograph(loaded.transform) if photographs else None,
        loaders=setting.loaders,
        quiet=True,
    )
    arms = [asdict(arm) for arm in measure_whole(asking, by)]
    return {"photographs": photographs, "images": len(images), "arms": arms}


def _images(setting: Setting, loaded: LoadedModel, split: str) -> LabelledImages:
    """List the images of a network's classes, with its numbers."""
    return images_of_classes(setting.data, split, loaded.source.folders or ())
