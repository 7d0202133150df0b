"""Records of a photograph that is changed step by step, and of what a network makes of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from seviz.records.arms import Arm
from seviz.records.numbers import SOFTMAX, Floats
from seviz.records.sites import Site
from seviz.records.target import ClassTarget, answer_of, chance
from seviz.records.trace import Answer


@dataclass(frozen=True)
class Changing:
    """How a photograph is changed: by which change of `seviz.photos.changes`, and how strongly.

    seed: of what is random; region: what is painted over, by its name; mask: the same as H×W, which
    is scaled to what the network sees, instead of the region.
    """

    change: str
    strengths: tuple[float, ...]
    seed: int = 0
    region: str = "centre"
    mask: npt.NDArray[np.bool_] | None = None

    def at(self, *strengths: float) -> "Changing":
        """Return the same change, at other strengths."""
        return replace(self, strengths=strengths)

    def is_like(self, other: "Changing") -> bool:
        """Tell whether it is the same change, whatever the strengths."""
        names = ("change", "seed", "region")
        same = all(getattr(self, name) == getattr(other, name) for name in names)
        if self.mask is None or other.mask is None:
            return same and self.mask is other.mask
        return same and np.array_equal(self.mask, other.mask)


@dataclass(frozen=True)
class Passed:
    """A photograph at one strength of a change: what a network made of it in some arms.

    s: each arm's gates by site, arms×C, as its own pass computed them, before its edit; NaN for the
    twin. logits: arms×K; seen: the crop that the network sees, H×W×3 bytes; whole: the photograph,
    H×W×3 bytes, where it was asked for.
    """

    strength: float
    s: dict[str, Floats]
    logits: Floats
    seen: npt.NDArray[np.uint8]
    whole: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class Drift:
    """A photograph along the strengths of a change.

    changing: how it was changed; its strengths are those of `points`, from the one that changes
    nothing on. photo: tells which photograph it is of: the unchanged input of the network, 3×H×W.
    """

    changing: Changing
    model: str
    sites: tuple[Site, ...]
    arms: tuple[Arm, ...]
    labels: tuple[str, ...]
    photo: Floats
    points: tuple[Passed, ...]
    head: str = SOFTMAX

    @property
    def unchanged(self) -> Passed:
        """Return the point at which the photograph is as it is."""
        return self.points[0]

    @property
    def strengths(self) -> tuple[float, ...]:
        """Return the strengths of the points."""
        return tuple(point.strength for point in self.points)

    def at(self, strength: float) -> Passed | None:
        """Return the point at a strength; None where it was not asked for."""
        return next((point for point in self.points if point.strength == strength), None)

    def with_points(self, more: Sequence[Passed]) -> "Drift":
        """Return it with more points, in their order."""
        known = {point.strength: point for point in (*self.points, *more)}
        first = self.unchanged.strength
        ordered = sorted(known.values(), key=lambda point: abs(point.strength - first))
        strengths = tuple(point.strength for point in ordered)
        return replace(self, points=tuple(ordered), changing=self.changing.at(*strengths))

    def only(self, *strengths: float) -> "Drift":
        """Return it with its points at some strengths alone, beside the unchanged one."""
        asked = {self.unchanged.strength, *strengths}
        points = tuple(point for point in self.points if point.strength in asked)
        changing = self.changing.at(*(point.strength for point in points))
        return replace(self, points=points, changing=changing)

    def chances(self, arm: int, target: ClassTarget) -> npt.NDArray[np.float64]:
        """Return an arm's chance of a target at each point, N."""
        rows = np.stack([point.logits[arm] for point in self.points])
        return chance(rows, target, self.head)

    def answer(self, point: Passed, arm: int, target: ClassTarget | None = None) -> Answer:
        """Return an arm's answer at a point for a target, by default the most probable class.

        UserError where the network has no head.
        """
        return answer_of(point.logits[arm], self.labels, target, head=self.head)
