"""The part of `remake` that measures which blocks the embedded network needs."""

from seviz.errors import UserError
from seviz.measuring.measure_necessity import Asking, measure_necessity
from seviz.measuring.necessity_file import load, save
from seviz.nets.embedded import DATA
from seviz.passes.dispatch import ZOO
from seviz.photos.dataset import LabelledImages
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.parts import delete_all_parts
from seviz.reference.profile import Profile
from seviz.reference.replacement import replacement
from seviz.shipping.measured import profile_lacks
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.zoo.catalogue import EMBEDDED

BUDGET = 1.0  # points of accuracy


def is_current(setting: Setting) -> bool:
    """Tell whether the file is of the present weights."""
    try:
        return load(setting.necessity).weights == weight_digests(EMBEDDED)[EMBEDDED]
    except UserError:
        return False


def _make(setting: Setting) -> str:
    behind = ProfiledImages.load(images_path(setting.profile))
    asking = Asking(
        ZOO.get(EMBEDDED),
        LabelledImages(setting.data, "val"),
        data=f"{DATA} (val)",
        parts=setting.necessity.with_suffix(".parts"),
        loaders=setting.loaders,
    )
    by = replacement(EMBEDDED, profile=Profile.load(setting.profile), images=behind)
    save(measure_necessity(asking, by, budget=BUDGET)[0], setting.necessity)
    assert asking.parts is not None
    delete_all_parts(asking.parts)
    return ""


NECESSITY = Part("necessity", is_current, _make, profile_lacks)
