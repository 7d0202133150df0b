"""The part of `remake` that measures which blocks the embedded network needs."""

from seviz.errors import UserError
from seviz.measuring.measure_necessity import Asking, choose_more, measure_necessity
from seviz.measuring.necessity_file import load, save
from seviz.nets.embedded import DATA
from seviz.passes.dispatch import ZOO
from seviz.photos.dataset import LabelledImages
from seviz.records.losses import LARGEST_BUDGET, SetNecessity
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.parts import delete_all_parts
from seviz.reference.profile import Profile
from seviz.reference.replacement import replacement
from seviz.shipping.measured import profile_lacks
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.zoo.catalogue import EMBEDDED


def is_current(setting: Setting) -> bool:
    """Tell whether the file is of the present weights, and its choice goes as far as the page."""
    found = _known(setting)
    return found is not None and (found.path is None or found.path.budget >= LARGEST_BUDGET)


def _known(setting: Setting) -> SetNecessity | None:
    """Return what the file holds of the present weights; None where there is nothing."""
    try:
        found = load(setting.necessity)
    except UserError:
        return None
    return found if found.weights == weight_digests(EMBEDDED)[EMBEDDED] else None


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
    known = _known(setting)
    if known is None or is_current(setting):
        found, _ = measure_necessity(asking, by, budget=LARGEST_BUDGET)
    else:
        found, _ = choose_more(asking, by, known, budget=LARGEST_BUDGET)
    save(found, setting.necessity)
    assert asking.parts is not None
    delete_all_parts(asking.parts)
    return ""


NECESSITY = Part("necessity", is_current, _make, profile_lacks)
