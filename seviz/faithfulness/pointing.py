"""The pointing game: whether explanations hit the objects, and more often with gates or without."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap
from torch import Tensor
from torch.utils.data import DataLoader

from seviz.attribution.maps import attribute_each
from seviz.attribution.methods import GRADCAM
from seviz.faithfulness.boxes import BoxedImages, read_boxes
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ZOO, fetch
from seviz.passes.forward import as_array
from seviz.photos.dataset import LabelledImages, batch_for, batches, count_loaders
from seviz.records.losses import Estimate
from seviz.records.numbers import Floats
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.watch import Progress, Watch

Values = npt.NDArray[np.float64]
RESAMPLES = 2000
TIE = 1e-5  # points that differ by less, as a share of the highest, are equally high


@dataclass(frozen=True)
class ArmPointing:
    """An arm's results: hits, the highest points in the box, and energy, the evidence in it."""

    arm: str
    hits: Estimate
    energy: Estimate


@dataclass(frozen=True)
class Pointing:
    """The answer of `pointing`: two arms over labelled images with boxes, and first − second.

    chance: the mean share of the image that the box covers: the energy of an uninformative map.
    """

    model: str
    method: str
    images: int
    chance: float
    arms: list[ArmPointing]
    hits_difference: Estimate
    energy_difference: Estimate


def pointing(
    key: str,
    data: Path,
    *,
    images: int = 1000,
    method: str = GRADCAM,
    layer: str = "",
    arms: Sequence[str] = (),
    profile: Profile | None = None,
    loaders: int | None = None,
    watch: Watch | None = None,
) -> Pointing:
    """Play the pointing game (Zhang et al., arXiv 1608.00507) on “val” images with boxes.

    data: as of `LabelledImages`, with a boxes.tsv (split, wnid, file, x0, y0, x1, y1; in pixels).
    Each image's own class is explained. Energy is the share of the positive evidence in the box
    (Wang et al., arXiv 1910.01279). Both arms see the same images, spread evenly over the classes,
    so their difference has a paired interval. loaders: as of `seviz.photos.dataset.count_loaders`.
    UserError for data that don't fit the network.
    """
    key = fetch(key)
    parsed_arms = parse_arms(
        arms or ("intact", "static" if profile or reference(key) else "identity")
    )
    recorded, loaded = recorded_for(key, parsed_arms, profile), ZOO.get(key)
    known = LabelledImages(data, "val")
    known.match_classes(loaded.source.folders, loaded.labels)
    boxed = BoxedImages(known, read_boxes(data / "boxes.tsv"), images, transform=loaded.transform)
    at_once = max(1, batch_for(loaded.source.config) // len(parsed_arms))
    loader = DataLoader(boxed, at_once, num_workers=count_loaders(loaders))
    scores: list[list[tuple[float, float, float]]] = []
    progress = Progress(watch, len(boxed))
    for x, classes, inside in batches(loader):
        attributions = attribute_each(
            loaded,
            as_array(x),
            parsed_arms,
            method=method,
            targets=classes.tolist(),
            layer=layer,
            recorded=recorded,
            watch=progress.part(len(x)),
        )
        scores += [
            _score_arms(maps.pixels, box) for maps, box in zip(attributions, inside, strict=True)
        ]
        progress.add(len(x))
    values = np.array(scores, np.float64)  # images×arms×(hit, energy, chance)
    return Pointing(
        model=key,
        method=method,
        images=len(values),
        chance=float(values[:, 0, 2].mean()),
        arms=[
            ArmPointing(arm.name, interval(values[:, i, 0]), interval(values[:, i, 1]))
            for i, arm in enumerate(parsed_arms)
        ],
        hits_difference=interval(values[:, 0, 0] - values[:, 1, 0]),
        energy_difference=interval(values[:, 0, 1] - values[:, 1, 1]),
    )


def _score_arms(maps: Floats, box: Tensor) -> list[tuple[float, float, float]]:
    """Score the arms' maps of an image, A×H×W: hit and energy of each, and the box's share."""
    within = box.numpy()
    return [(*score(pixels, within), float(within.mean())) for pixels in maps]


def score(pixels: Floats, within: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return a map's hit, whether its highest point is in the box, and energy, as of `pointing`.

    pixels: the map, within: the pixels in the box, H×W. An enlarged coarse map may be highest at
    many points, up to rounding: then the hit is the share of these points in the box. Both are 0
    where there is no positive evidence.
    """
    positive = np.maximum(pixels, 0).astype(np.float64)
    whole = positive.sum()
    if whole == 0:
        return 0.0, 0.0
    highest = positive >= (1 - TIE) * positive.max()
    return float(within[highest].mean()), float(positive[within].sum() / whole)


def interval(values: Values) -> Estimate:
    """Return the mean with its 95 % interval, by SciPy's bootstrap over images."""
    mean = float(values.mean())
    if np.ptp(values) == 0:
        return Estimate(mean, mean, mean)
    ends = bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return Estimate(mean, float(ends.low), float(ends.high))
