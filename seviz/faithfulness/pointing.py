"""The pointing game: do explanations meet the objects, and better with gates or without?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.stats import bootstrap

from seviz.attribution.maps import attribute
from seviz.attribution.methods import GRADCAM
from seviz.crop import crop_box
from seviz.data import LabelledImages
from seviz.dispatch import ask, fetch
from seviz.edits import parse_arms
from seviz.errors import UserError
from seviz.labels import folders, labels
from seviz.profile import Profile
from seviz.profiling import reference
from seviz.records import Floats
from seviz.references import recorded_for
from seviz.trace import as_array
from seviz.watch import Watch
from seviz.zoo import LoadedModel

Box = tuple[float, float, float, float]
Values = npt.NDArray[np.float64]
RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A mean over images, with the ends of its 95 % interval over the choice of images."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class ArmPointing:
    """One arm: how often its map's highest point is in the box, and how much of its evidence."""

    arm: str
    hits: Interval
    energy: Interval


@dataclass(frozen=True)
class Pointing:
    """The answer of `pointing`: two arms over labelled images with boxes, and first − second.

    chance: the mean share of the picture that the box covers, what a blind map would reach.
    """

    model: str
    method: str
    images: int
    chance: float
    arms: list[ArmPointing]
    hits_difference: Interval
    energy_difference: Interval


def pointing(
    key: str,
    data: Path,
    *,
    images: int = 1000,
    method: str = GRADCAM,
    layer: str = "",
    arms: Sequence[str] = (),
    profile: Profile | None = None,
    watch: Watch | None = None,
) -> Pointing:
    """Play the pointing game (Zhang et al., arXiv 1608.00507) on “val” images with boxes.

    data: as of `LabelledImages`, with a boxes.tsv (split, wnid, file, x0, y0, x1, y1; in pixels).
    Each image's own class is explained. Energy is the share of the positive evidence in the box
    (Wang et al., arXiv 1910.01279). Both arms see the same images, spread evenly over the classes,
    so their difference has a paired interval. UserError for data that don't fit the network.
    """
    key = fetch(key)
    asked = parse_arms(arms or ("intact", "static" if profile or reference(key) else "identity"))
    known = LabelledImages(data, "val")
    known.follow(folders(key), len(labels(key)))
    boxes = read_boxes(data / "boxes.tsv")
    recorded = recorded_for(key, asked, profile)
    found = []
    chosen = list(_chosen(known, boxes, images))
    for done, (photo, label, box) in enumerate(chosen):
        image, within = ask(_prepared, key, photo, box)
        explained = ask(
            attribute, key, image, asked, method, target=label, layer=layer, recorded=recorded
        )
        found.append([(*score(pixels, within), within.mean()) for pixels in explained.pixels])
        if watch:
            watch.reached((done + 1) / len(chosen))
    values = np.array(found, np.float64)  # images×arms×(hit, energy, chance)
    return Pointing(
        model=key,
        method=method,
        images=len(values),
        chance=float(values[:, 0, 2].mean()),
        arms=[
            ArmPointing(arm.name, interval(values[:, i, 0]), interval(values[:, i, 1]))
            for i, arm in enumerate(asked)
        ],
        hits_difference=interval(values[:, 0, 0] - values[:, 1, 0]),
        energy_difference=interval(values[:, 0, 1] - values[:, 1, 1]),
    )


def score(pixels: Floats, within: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Say whether a map's highest point is in the box, and how much of its evidence is; H×W both.

    A map without positive evidence hits nothing.
    """
    positive = np.maximum(pixels, 0).astype(np.float64)
    whole = positive.sum()
    if whole == 0:
        return 0.0, 0.0
    return float(within.ravel()[pixels.argmax()]), float(positive[within].sum() / whole)


def interval(values: Values) -> Interval:
    """Return the mean with its 95 % interval, by SciPy's bootstrap over images."""
    mean = float(values.mean())
    if np.ptp(values) == 0:
        return Interval(mean, mean, mean)
    ends = bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return Interval(mean, float(ends.low), float(ends.high))


def read_boxes(path: Path) -> dict[str, Box]:
    """Read the boxes of “val” by the images' names without their endings; UserError if none."""
    if not path.is_file():
        raise UserError(f"{path} is missing: the pointing game needs a box for each image.")
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines()[1:])
    try:
        return {
            PurePosixPath(file).stem: (float(x0), float(y0), float(x1), float(y1))
            for split, _, file, x0, y0, x1, y1 in rows
            if split == "val"
        }
    except ValueError as error:
        raise UserError(f"{path} has a line that is not split, wnid, file, x0 … y1.") from error


def _chosen(
    known: LabelledImages, boxes: dict[str, Box], count: int
) -> Iterator[tuple[Image.Image, int, Box]]:
    """Yield images that have boxes, at equal distances in their order, which is by class."""
    with_box = [i for i, ((_, inside), _) in enumerate(known.samples) if _stem(inside) in boxes]
    if not with_box:
        raise UserError(f"boxes.tsv names none of the “val” images of {known.root}.")
    for at in np.unique(np.linspace(0, len(with_box) - 1, count).astype(int)):
        photo, label = known.picture(with_box[at])
        yield photo, label, boxes[_stem(known.samples[with_box[at]][0][1])]


def _stem(inside: str) -> str:
    return PurePosixPath(inside).stem


def _prepared(
    loaded: LoadedModel, photo: Image.Image, box: Box
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return what the network receives of a photograph, and which of its pixels are in the box."""
    image = as_array(loaded.prepare(photo))[0]
    seen = crop_box(loaded.transform, photo.size)
    if seen is None:
        raise UserError(f"What {loaded.title} sees of a photograph is not known.")
    height, width = image.shape[1:]
    left, top, right, bottom = seen
    x = left + (np.arange(width) + 0.5) * (right - left) / width
    y = top + (np.arange(height) + 0.5) * (bottom - top) / height
    x0, y0, x1, y1 = box
    within = ((y >= y0) & (y <= y1 + 1))[:, None] & ((x >= x0) & (x <= x1 + 1))[None]
    return image, within
